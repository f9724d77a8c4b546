import { StreamBusCluster } from '@capstan/streambus-operator';
import { expect, test } from 'vitest';
import { parseKindArgument } from './kind-argument.ts';

const known = [{ kind: StreamBusCluster }];

test.each(['StreamBusCluster', 'streambuscluster', 'streambusclusters', 'sbc', 'sbc.streambus.io'])(
  'a kind is known as %s',
  (word) => {
    expect(parseKindArgument(word, known)).toEqual({ of: known[0] });
    expect(parseKindArgument(`${word}/orders`, known)).toEqual({ of: known[0], name: 'orders' });
  },
);

test('an unknown kind is told with those that are known', () => {
  expect(() => parseKindArgument('pod/x', known)).toThrow('known: StreamBusCluster');
});

test.each(['sbc/', 'sbc/a/b'])('%s is no object', (text) => {
  expect(() => parseKindArgument(text, known)).toThrow('is not <kind>/<name>');
});
