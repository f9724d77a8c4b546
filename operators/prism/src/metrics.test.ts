import type { ChildOutcome, ManagerContext, PassRecord } from '@capstan/runtime';
import * as prometheus from 'prom-client';
import { describe, expect, it } from 'vitest';
import type { PrismClusterStatus } from './api/v1alpha1/prism-cluster.ts';
import { Figures } from './figures.ts';
import { prismMetrics } from './metrics.ts';

const aPass: PassRecord = {
  ...{
    reconcileID: 'r',
    controller: 'prism-operator',
    kind: 'PrismCluster.prism.io',
    namespace: 'shop',
    name: 'orders',
  },
  ...{ startedAt: '2026-01-01T00:00:00.000Z', durationMs: 20, waitedMs: 0, failuresBefore: 0, result: 'Done' },
  ...{ triggers: [], reads: [], calls: [], children: [] },
};

/** Metrics over figures, what tells them of a pass, and their text without help. */
function measured() {
  const figures = new Figures();
  const listeners: ((pass: PassRecord) => void)[] = [];
  const passes = { subscribe: (listener: (pass: PassRecord) => void) => listeners.push(listener) };
  const registry = new prometheus.Registry();
  // The feed of passes is all that these metrics look at.
  const context = { passes } as unknown as ManagerContext;
  prismMetrics(figures)({ prometheus, registry, context });
  return {
    figures,
    tell: (pass: Partial<PassRecord>) => {
      for (const listener of listeners) listener({ ...aPass, ...pass });
    },
    lines: async (start: string) => (await registry.metrics()).split('\n').filter((line) => line.startsWith(start)),
  };
}

function component(name: string, ready: boolean) {
  return { name, ready, replicas: 1, availableReplicas: ready ? 1 : 0 };
}

const running: PrismClusterStatus = {
  phase: 'Running',
  adminStatus: component('prism-admin', true),
  proxyStatus: component('prism-proxy', false),
  backendStatus: [component('redis', true)],
  patternStatus: [component('keyvalue-runner', true), component('mail-runner-runner', false)],
};

describe('the metrics of Prism', () => {
  it('count passes by the kind of what was reconciled, those that failed or were refused apart', async () => {
    const { tell, lines } = measured();
    for (const result of ['Done', 'Requeued', 'Retried', 'Refused'] as const) tell({ result });
    expect(await lines('prism_operator_reconcile_errors')).toEqual([
      'prism_operator_reconcile_errors_total{controller="prismcluster"} 2',
    ]);
    expect(await lines('prism_operator_reconcile_success')).toEqual([
      'prism_operator_reconcile_success_total{controller="prismcluster"} 2',
    ]);
    expect(await lines('prism_operator_reconcile_duration_seconds_')).toContain(
      'prism_operator_reconcile_duration_seconds_sum{controller="prismcluster"} 0.08',
    );
  });

  it('show that nothing has failed before anything was done', async () => {
    const { lines } = measured();
    expect(await lines('prism_operator_reconcile_errors')).toEqual([
      'prism_operator_reconcile_errors_total{controller="prismcluster"} 0',
    ]);
  });

  it('count what was done to objects, by their kind', async () => {
    const { tell, lines } = measured();
    const actions = ['Created', 'Recreated', 'Updated', 'Repaired', 'Adopted', 'Pruned', 'Recreating'] as const;
    const others = ['Unchanged', 'Retained', 'Held', 'Terminating', 'Contested', 'Skipped', 'Failed'] as const;
    const children = [...actions, ...others].map(
      (action): ChildOutcome => ({ child: 'StatefulSet/orders-redis', action }),
    );
    tell({ children: [...children, { child: 'Service/orders-redis', action: 'Created' }] });
    expect(await lines('prism_operator_resource_')).toEqual([
      'prism_operator_resource_created_total{resource_type="statefulset"} 2',
      'prism_operator_resource_created_total{resource_type="service"} 1',
      'prism_operator_resource_updated_total{resource_type="statefulset"} 3',
      'prism_operator_resource_deleted_total{resource_type="statefulset"} 2',
    ]);
  });

  it('show the phase, the components and the patterns of each cluster', async () => {
    const { figures, lines } = measured();
    figures.saw({ namespace: 'shop', name: 'orders' }, running);
    figures.saw({ namespace: 'lab', name: 'orders' }, { phase: 'Failed' });
    const shop = 'namespace="shop",cluster="orders"';
    const lab = 'namespace="lab",cluster="orders"';
    expect(await lines('prism_cluster_')).toEqual([
      `prism_cluster_phase{${shop},phase="pending"} 0`,
      `prism_cluster_phase{${shop},phase="running"} 1`,
      `prism_cluster_phase{${shop},phase="degraded"} 0`,
      `prism_cluster_phase{${shop},phase="failed"} 0`,
      `prism_cluster_phase{${lab},phase="pending"} 0`,
      `prism_cluster_phase{${lab},phase="running"} 0`,
      `prism_cluster_phase{${lab},phase="degraded"} 0`,
      `prism_cluster_phase{${lab},phase="failed"} 1`,
      `prism_cluster_components_ready{${shop},component="admin"} 1`,
      `prism_cluster_components_ready{${shop},component="proxy"} 0`,
      `prism_cluster_components_ready{${shop},component="redis"} 1`,
      `prism_cluster_patterns_ready{${shop},pattern="keyvalue"} 1`,
      `prism_cluster_patterns_ready{${shop},pattern="mail-runner"} 0`,
    ]);
  });

  it('forget what a cluster no longer has, and a cluster that is gone', async () => {
    const { figures, tell, lines } = measured();
    figures.saw({ namespace: 'shop', name: 'orders' }, running);
    figures.saw({ namespace: 'shop', name: 'orders' }, { ...running, patternStatus: [] });
    expect(await lines('prism_cluster_patterns_ready')).toEqual([]);
    tell({ result: 'Done' });
    expect(await lines('prism_cluster_phase')).toHaveLength(4);
    tell({ result: 'Gone', namespace: 'lab' });
    expect(await lines('prism_cluster_phase')).toHaveLength(4);
    tell({ result: 'Gone' });
    expect(await lines('prism_cluster_')).toEqual([]);
  });
});
