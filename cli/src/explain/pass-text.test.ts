import type { PassRecord } from '@capstan/runtime';
import { expect, test } from 'vitest';
import { historyText, passText } from './pass-text.ts';

const object = { kind: 'Shelf.test.dev', namespace: 'ns', name: 'shelf' };
const pass: PassRecord = {
  reconcileID: 'id-1',
  controller: 'shelf-operator',
  ...object,
  startedAt: '2026-01-01T10:00:00.123Z',
  durationMs: 45,
  waitedMs: 2,
  triggers: [
    { priority: 'edit', reason: 'resource changed', count: 1 },
    { priority: 'child', reason: 'StatefulSet/shelf changed', count: 3 },
  ],
  failuresBefore: 1,
  resource: { uid: 'u', resourceVersion: '993', generation: 2 },
  reads: [{ kind: 'StatefulSet.apps', namespace: 'ns', name: 'shelf' }],
  calls: [
    {
      method: 'PATCH',
      path: '/apis/apps/v1/namespaces/ns/statefulsets/shelf',
      status: 200,
      startedAfterMs: 1,
      durationMs: 12,
    },
    { method: 'GET', path: '/api/v1/x', startedAfterMs: 1, durationMs: 12 },
  ],
  children: [
    { child: 'ConfigMap/shelf', action: 'Unchanged' },
    { child: 'StatefulSet/shelf', action: 'Failed', detail: 'it was refused' },
  ],
  status: 'Written',
  result: 'Retried',
  error: 'it was refused',
  nextAfterMs: 5_000,
};

test('the table has a line per pass', () => {
  expect(historyText({ object, passes: [pass] })).toBe(
    [
      'Shelf.test.dev ns/shelf: the last pass of shelf-operator',
      '',
      'STARTED       TOOK   READS  WRITES  SKIPPED  STATUS   RESULT              WHY',
      '10:00:00.123  45 ms  1      1       1        written  Retried, again in 5 s  resource changed, StatefulSet/shelf changed (3 times)',
    ]
      .join('\n')
      .replace('RESULT              WHY', 'RESULT                 WHY'),
  );
});

test('a pass in full says everything that is known', () => {
  expect(passText(pass)).toBe(
    [
      'pass id-1',
      '  began     2026-01-01T10:00:00.123Z, after 2 ms in the queue; took 45 ms',
      '  resource  generation 2, version 993',
      '  failures  1 in a row before this one',
      '  why       resource changed (edit)',
      '  why       StatefulSet/shelf changed (3 times) (child)',
      '  read      StatefulSet.apps ns/shelf, not there',
      '  request   PATCH /apis/apps/v1/namespaces/ns/statefulsets/shelf -> 200, 12 ms',
      '  request   GET /api/v1/x -> no answer, 12 ms',
      '  child     ConfigMap/shelf Unchanged',
      '  child     StatefulSet/shelf Failed: it was refused',
      '  status    Written',
      '  result    Retried, again in 5 s',
      '  error     it was refused',
    ].join('\n'),
  );
});

test('what was too much to be kept is counted', () => {
  const omitted = { reads: 7, calls: 0, children: 2 };
  expect(passText({ ...pass, omitted })).toContain('omitted   7 reads, 0 requests, 2 children');
});

test('what a pass deleted that is no child has a line of its own', () => {
  const removals = [
    { kind: 'Pod', namespace: 'ns', name: 'shelf-2', result: 'Removed' },
    { kind: 'PersistentVolumeClaim', namespace: 'ns', name: 'raft-shelf-2', result: 'Gone' },
  ] as const;
  const omitted = { reads: 0, calls: 0, children: 0, removals: 50 };
  const lines = passText({ ...pass, removals, omitted }).split('\n');
  expect(lines.slice(lines.indexOf('  child     StatefulSet/shelf Failed: it was refused') + 1)).toEqual([
    '  removal   Pod ns/shelf-2 Removed',
    '  removal   PersistentVolumeClaim ns/raft-shelf-2 Gone: it was not there any more',
    '  omitted   0 reads, 0 requests, 0 children, 50 removals',
    '  status    Written',
    '  result    Retried, again in 5 s',
    '  error     it was refused',
  ]);
  expect(passText(pass)).not.toContain('removal');
});
