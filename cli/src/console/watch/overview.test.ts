import { ConfigMap, Secret } from '@capstan/kube';
import { expect, test } from 'vitest';
import type { Standing } from './followed-kind.ts';
import { overviewOf } from './overview.ts';

const seen = (type: typeof ConfigMap | typeof Secret, standing: Standing) => ({
  ...{ kind: { type, isCustom: false, metadataOnly: true }, objects: [], standing },
});
const now = Date.parse('2026-01-01T00:01:00Z');
const at = '2026-01-01T00:01:00.000Z';

test.each([
  ['all is live', [seen(ConfigMap, { is: 'Live' })], { resources: [], hidden: [], at }],
  [
    'a kind is hidden',
    [seen(ConfigMap, { is: 'Live' }), seen(Secret, { is: 'Hidden', why: 'you may not see it' })],
    { resources: [], hidden: [{ kind: 'Secret', why: 'you may not see it' }], at },
  ],
  [
    'the server does not answer: since the first failure',
    [
      seen(ConfigMap, { is: 'Stale', since: now - 1_000, why: 'b' }),
      seen(Secret, { is: 'Stale', since: now - 60_000, why: 'a' }),
    ],
    { resources: [], hidden: [], at, stale: { since: '2026-01-01T00:00:00.000Z', why: 'a' } },
  ],
])('an overview says that %s', (_what, kinds, expected) => {
  expect(overviewOf(kinds, now)).toEqual(expected);
});
