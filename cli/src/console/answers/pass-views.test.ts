import type { PassRecord } from '@capstan/runtime';
import { expect, test } from 'vitest';
import { passViews } from './pass-views.ts';

const pass: PassRecord = {
  ...{ reconcileID: '1', controller: 'c', kind: 'Shop.shop.dev', namespace: 'n', name: 'a' },
  ...{
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 12,
    waitedMs: 0,
    failuresBefore: 0,
    reads: [],
    result: 'Done',
  },
  triggers: [
    { priority: 'edit', reason: 'resource changed', count: 1 },
    { priority: 'child', reason: 'Pod/a changed', count: 3 },
  ],
  calls: [{ method: 'PATCH', path: '/', status: 200, startedAfterMs: 0, durationMs: 1 }],
  children: [
    { child: 'ConfigMap/a', action: 'Unchanged' },
    { child: 'StatefulSet/a', action: 'Held', heldBy: 'backends' },
    { child: 'Service/a', action: 'Repaired', detail: 'spec.ports by kubectl' },
  ],
};

test('passes are told newest first, in the words of capstan explain', () => {
  const later: PassRecord = {
    ...{
      ...pass,
      startedAt: '2026-01-01T00:01:00.000Z',
      result: 'Retried',
      nextAfterMs: 5_000,
      error: 'it was refused',
    },
    removals: [{ kind: 'Pod', name: 'a-1', result: 'Removed' }],
    omitted: { reads: 0, calls: 7, children: 0 },
  };
  expect(passViews({ object: { kind: 'Shop.shop.dev', name: 'a' }, passes: [pass, later] })).toEqual([
    {
      ...{
        at: '2026-01-01T00:01:00.000Z',
        durationMs: 12,
        triggers: ['resource changed', 'Pod/a changed (3 times)'],
        requests: 8,
      },
      outcome: 'Retried, again in 5 s: it was refused',
      children: [
        { child: 'ConfigMap/a', action: 'Unchanged' },
        { child: 'StatefulSet/a', action: 'Held', why: 'waits for step "backends"' },
        { child: 'Service/a', action: 'Repaired', why: 'spec.ports by kubectl' },
        { child: 'Pod/a-1', action: 'Removed' },
      ],
    },
    expect.objectContaining({ at: '2026-01-01T00:00:00.000Z', outcome: 'Done', requests: 1 }),
  ]);
});
