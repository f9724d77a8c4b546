import type { PassRecord } from './pass-record.ts';

/** A pass in which nothing was to be done, but for what is told. */
export function aPass(told: Partial<PassRecord> = {}): PassRecord {
  return {
    reconcileID: '6f1e9d2c-0a4b-4c3d-8e5f-0123456789ab',
    controller: 'thing-operator',
    kind: 'Thing.test.capstan.dev',
    namespace: 'default',
    name: 'thing',
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 1.5,
    waitedMs: 0.5,
    triggers: [{ priority: 'child', reason: 'Pod/thing-0 changed', count: 1 }],
    failuresBefore: 0,
    resource: { uid: 'u', resourceVersion: '1', generation: 1 },
    reads: [],
    calls: [],
    children: [{ child: 'ConfigMap/thing', action: 'Unchanged' }],
    status: 'Unchanged',
    result: 'Done',
    ...told,
  };
}
