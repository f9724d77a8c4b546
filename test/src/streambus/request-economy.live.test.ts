import { ConfigMap, Service, StatefulSet, systemClock } from '@capstan/kube';
import { StreamBusCluster } from '@capstan/streambus-operator';
import { countByVerb, type World } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBusWorld, wantedCluster } from './open-bus-world.ts';

let world: World;

beforeAll(async () => {
  world = await openBusWorld({ name: 'economy' });
});

afterAll(() => world?.[Symbol.asyncDispose]());

/** Every request of the operator but watches, the list they start with, and events. */
function requestsSince(position: number) {
  return world.requests(position).filter(({ verb, resource }) => verb !== 'list' && resource !== 'events');
}

async function untilRunning(name: string): Promise<void> {
  await world.eventually(
    async () => {
      const found = await world.get(StreamBusCluster, name);
      expect(found?.status?.observedGeneration).toBe(found?.metadata.generation);
      expect(found?.status?.phase).toBe('Running');
      expect(found?.status?.readyReplicas).toBe(found?.spec.replicas);
    },
    { timeout: 60_000 },
  );
}

/** What a person does who does not know that the operator looks after it. */
const tear = () => world.edit(Service, 'orders', { spec: { sessionAffinity: 'None' } });

describe('what an operator costs its API server', () => {
  it('is one write per child and at most two status writes for a new cluster of three brokers', async () => {
    const start = world.audit.position();
    await world.apply(StreamBusCluster, wantedCluster('orders'));
    await untilRunning('orders');
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
    await untilRunning('orders');
    const start = world.audit.position();
    await systemClock.sleep(60_000);
    expect(requestsSince(start)).toEqual([]);
  }, 90_000);

  it('is exactly one write for a child that somebody edited', async () => {
    await world.expectWrites({ 'patch services': 1 }, tear);
    expect((await world.get(Service, 'orders'))?.spec?.sessionAffinity).toBe('ClientIP');
  });

  it('is no write for a change of a child in what the operator does not want', async () => {
    const start = world.audit.position();
    await world.edit(ConfigMap, 'orders-config', { metadata: { annotations: { team: 'payments' } } });
    // A later change that is repaired shows that the earlier one has been seen and left alone.
    await world.delete(Service, 'orders');
    // Before a deleted child is made again the API server is asked whether its owner still stands.
    const expected = { 'get streambusclusters': 1, 'patch services': 1 };
    await world.eventually(() => expect(countByVerb(requestsSince(start))).toEqual(expected));
    const config = await world.get(ConfigMap, 'orders-config');
    expect(config?.metadata.annotations?.['team']).toBe('payments');
  });

  it('is no write for a restart but the repair of what was edited after it', async () => {
    await world.expectWrites(0, () => world.restartOperator());
    await world.expectWrites({ 'patch services': 1 }, tear);
  });

  it('is one write for a change of the image and one restart of each broker, besides the status of the roll-out', async () => {
    const before = await world.get(StatefulSet, 'orders');
    const start = world.audit.position();
    await world.apply(StreamBusCluster, wantedCluster('orders', { image: { tag: '1.0.2' } }));
    await world.eventually(
      async () => {
        const after = await world.get(StatefulSet, 'orders');
        const generation = after?.metadata.generation ?? 0;
        expect(generation).toBeGreaterThan(before?.metadata.generation ?? 0);
        // Until the generation is observed the counts are those of the template before.
        expect(after?.status).toMatchObject({ observedGeneration: generation, updatedReplicas: 3, readyReplicas: 3 });
      },
      { timeout: 60_000 },
    );
    await untilRunning('orders');
    const { 'patch streambusclusters/status': statusWrites = 0, ...childWrites } = countByVerb(requestsSince(start));
    expect(childWrites).toEqual({ 'patch statefulsets': 1, 'delete pods': 3 });
    expect(statusWrites).toBeLessThanOrEqual(6);
  });
});
