import type { Deployment } from '@capstan/kube';
import { expect, test } from 'vitest';
import { overlap, placeOf } from './operator-place.ts';

function deployment(...args: readonly string[]): Deployment {
  const spec = { serviceAccountName: 'runner', containers: [{ name: 'operator', args }] };
  return {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace: 'ops', name: 'druid-operator' } },
    spec: { selector: {}, template: { spec } },
  };
}

test.each([
  [['--leader-elect'], 'everywhere'],
  [
    ['--namespace', 'a', 'b', '--leader-elect'],
    ['a', 'b'],
  ],
  [['--namespace=a,b'], ['a', 'b']],
  [
    ['--namespace=a', '--namespace', 'b'],
    ['a', 'b'],
  ],
  [['--deny-namespaces', 'a'], 'everywhere'],
])('an operator with %j works in %j', (args, works) => {
  expect(placeOf(deployment(...args), 'druid-operator')).toEqual({ namespace: 'ops', account: 'runner', works });
});

test.each([
  [[], ['--namespace=a'], true],
  [['--namespace=a,b'], ['--namespace=b'], true],
  [['--namespace=a'], ['--namespace=b'], false],
])('operators with %j and %j work on the same objects: %s', (one, other, expected) => {
  const place = (args: readonly string[]) => placeOf(deployment(...args), 'druid-operator');
  expect(overlap(place(one), place(other))).toBe(expected);
});
