import type { ManagerContext, PassRecord } from '@capstan/runtime';
import * as prometheus from 'prom-client';
import { describe, expect, it } from 'vitest';
import { streamBusMetrics } from './metrics.ts';

const pass: PassRecord = {
  ...{ reconcileID: 'r', controller: 'streambus-operator', kind: 'StreamBusCluster.streambus.io', name: 'orders' },
  ...{ startedAt: '2026-01-01T00:00:00.000Z', durationMs: 20, waitedMs: 0, failuresBefore: 0, result: 'Done' },
  ...{ triggers: [], reads: [], calls: [], children: [] },
};

describe('the metrics under the names of StreamBus', () => {
  it('count passes, those that failed or were refused, and their duration', async () => {
    const listeners: ((pass: PassRecord) => void)[] = [];
    const passes = { subscribe: (listener: (pass: PassRecord) => void) => listeners.push(listener) };
    const registry = new prometheus.Registry();
    // The feed of passes is all that these metrics look at.
    const context = { passes } as unknown as ManagerContext;
    streamBusMetrics({ prometheus, registry, context });
    for (const result of ['Done', 'Requeued', 'Retried', 'Refused'] as const)
      for (const tell of listeners) tell({ ...pass, result });
    const text = await registry.metrics();
    expect(text).toContain('streambus_operator_reconcile_total 4\n');
    expect(text).toContain('streambus_operator_reconcile_errors_total 2\n');
    expect(text).toContain('streambus_operator_reconcile_duration_seconds_sum 0.08\n');
  });
});
