import { ConfigMap, Service, StatefulSet, systemClock } from '@capstan/kube';
import { StreamBusCluster } from '@capstan/streambus-operator';
import { countByVerb, eventually, never } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyCluster, cluster, type RunningOperator, type Stage, setStage } from './stage.ts';

let stage: Stage;
let operator: RunningOperator;

beforeAll(async () => {
  stage = await setStage();
  operator = await stage.startOperator();
});

afterAll(async () => {
  await operator?.stop();
  await stage?.[Symbol.asyncDispose]();
});

/** Every request of the operator but watches, the list they start with, and events. */
function requestsSince(position: number) {
  const requests = stage.audit.since(position, { user: stage.operatorUser, except: ['events'] });
  return requests.filter(({ verb }) => verb !== 'watch' && verb !== 'list');
}

async function untilRunning(namespace: string, name: string): Promise<StreamBusCluster> {
  return eventually(
    async () => {
      const found = await stage.admin.get(StreamBusCluster, { namespace, name });
      expect(found?.status?.phase).toBe('Running');
      expect(found?.status?.readyReplicas).toBe(found?.spec.replicas);
      return found as StreamBusCluster; // asserted on the lines above
    },
    { timeout: 60_000 },
  );
}

describe('what an operator costs its API server', () => {
  it('is one write per child and at most two status writes for a new cluster of three brokers', async () => {
    const namespace = await stage.namespace('economy');
    const start = stage.audit.position();
    await applyCluster(stage.admin, cluster(namespace, 'orders'));
    await untilRunning(namespace, 'orders');
    const { 'patch streambusclusters/status': statusWrites, ...childWrites } = countByVerb(requestsSince(start));
    expect(childWrites).toEqual({
      'patch configmaps': 1,
      'patch poddisruptionbudgets': 1,
      'patch services': 2,
      'patch statefulsets': 1,
    });
    expect(statusWrites).toBeGreaterThanOrEqual(1);
    expect(statusWrites).toBeLessThanOrEqual(2);
  });

  it('is nothing at all for a settled cluster in a whole minute', async () => {
    await untilRunning('economy', 'orders');
    const start = stage.audit.position();
    await systemClock.sleep(60_000);
    expect(requestsSince(start)).toEqual([]);
  }, 90_000);

  it('is exactly one write for a child that somebody edited', async () => {
    const at = { namespace: 'economy', name: 'orders' };
    const start = stage.audit.position();
    const edit = { kind: 'merge' as const, body: { spec: { sessionAffinity: 'None' } } };
    await stage.admin.patch(Service, at, edit, { fieldManager: 'kubectl-edit' });
    await eventually(async () => {
      const service = await stage.admin.get(Service, at);
      expect(service?.spec?.sessionAffinity).toBe('ClientIP');
    });
    await eventually(() => expect(countByVerb(requestsSince(start))).toEqual({ 'patch services': 1 }));
  });

  it('is no write for a change of a child in what the operator does not want', async () => {
    const at = { namespace: 'economy', name: 'orders-config' };
    const start = stage.audit.position();
    const note = { kind: 'merge' as const, body: { metadata: { annotations: { team: 'payments' } } } };
    await stage.admin.patch(ConfigMap, at, note, { fieldManager: 'a-person' });
    // A later change that is repaired shows that the earlier one has been seen and left alone.
    await stage.admin.delete(Service, { namespace: 'economy', name: 'orders' });
    // Before a deleted child is made again the API server is asked whether its owner still stands.
    const expected = { 'get streambusclusters': 1, 'patch services': 1 };
    await eventually(() => expect(countByVerb(requestsSince(start))).toEqual(expected));
    const config = await stage.admin.get(ConfigMap, at);
    expect(config?.metadata.annotations?.['team']).toBe('payments');
  });

  it('is no write for a restart but the repair of what was edited after it', async () => {
    await operator.stop();
    const start = stage.audit.position();
    operator = await stage.startOperator();
    // The pass that puts this edit right judges every child of the only cluster there is: nothing else may need a write.
    const at = { namespace: 'economy', name: 'orders' };
    const edit = { kind: 'merge' as const, body: { spec: { sessionAffinity: 'None' } } };
    await stage.admin.patch(Service, at, edit, { fieldManager: 'kubectl-edit' });
    const writes = () => countByVerb(requestsSince(start));
    await eventually(() => expect(writes()).toEqual({ 'patch services': 1 }));
    await never(() => expect(writes()).not.toEqual({ 'patch services': 1 }), { during: 2_000, interval: 250 });
  });

  it('is one write for a change of the image, besides the status of the roll-out', async () => {
    const before = await stage.admin.get(StatefulSet, { namespace: 'economy', name: 'orders' });
    const start = stage.audit.position();
    await applyCluster(stage.admin, cluster('economy', 'orders', { image: { tag: '1.0.2' } }));
    await eventually(
      async () => {
        const after = await stage.admin.get(StatefulSet, { namespace: 'economy', name: 'orders' });
        expect(after?.metadata.generation).toBeGreaterThan(before?.metadata.generation ?? 0);
        expect(after?.status?.updatedReplicas).toBe(3);
      },
      { timeout: 60_000 },
    );
    await untilRunning('economy', 'orders');
    const { 'patch streambusclusters/status': statusWrites = 0, ...childWrites } = countByVerb(requestsSince(start));
    expect(childWrites).toEqual({ 'patch statefulsets': 1 });
    expect(statusWrites).toBeLessThanOrEqual(6);
  });
});
