import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { guidance } from './guidance.ts';
import { row } from './row.fixture.ts';

it('says why a resource is not ready, what to type, and where each operator logs', () => {
  const lines = guidance({
    tally: {
      ready: [row()],
      unready: [row({ name: 'secure', verdict: { kind: 'Unready', why: 'nobody verifies tokens' } })],
    },
    kubeconfig: '/demo/kubeconfig',
    bin: '/demo/bin',
    commands: [{ why: 'every cluster', lines: ['kubectl get sbc -A'] }],
    operatorLogs: ['/demo/streambus-operator.log', '/demo/druid-operator.log'],
    columns: 80,
  });
  expect(lines.map((line) => stripVTControlCharacters(line))).toEqual([
    '◐ shop/secure runs, and is not Ready:',
    '    nobody verifies tokens',
    '',
    'In another terminal',
    '  export KUBECONFIG=/demo/kubeconfig',
    '  export PATH="/demo/bin:$PATH"',
    '  # every cluster',
    '  kubectl get sbc -A',
    '',
    'Operator log  /demo/streambus-operator.log',
    '              /demo/druid-operator.log',
    'Ctrl-C        stops everything and removes it',
    '',
  ]);
});
