import { Deployment, Secret, StatefulSet } from '@capstan/kube';
import { PrismCluster } from '@capstan/prism-operator';
import { describe, expect, it } from 'vitest';
import { bringUp, openPrismWorld, patiently, told, untilPhase, wantedPrism, workloads } from './open-prism-world.ts';

describe('a backend that does not become ready', () => {
  it('keeps what comes after it from being made, is told, and can be corrected meanwhile', async () => {
    await using world = await openPrismWorld();
    await world.newPodsAre('never-ready');
    await world.apply(PrismCluster, wantedPrism('prism'));
    await world.eventually(async () =>
      expect(await told(world, 'prism', 'Ready')).toMatch(/^False WaitingForBackend: redis: 0 of 1 pods are ready\./),
    );
    await world.settled();
    expect(await workloads(world)).toEqual(['StatefulSet/prism-redis']);
    expect((await world.get(PrismCluster, 'prism'))?.status?.phase).toBe('Pending');

    const backends = { redis: { version: '7.4.2-alpine' }, nats: {} };
    await world.apply(PrismCluster, wantedPrism('prism', { backends }));
    await world.eventually(async () => {
      const found = await world.get(StatefulSet, 'prism-redis');
      expect(found?.spec?.template.spec?.containers[0]?.image).toBe('redis:7.4.2-alpine');
    });
    expect(await workloads(world)).toEqual(['StatefulSet/prism-redis']);
    await world.podsAre('ready');
    await untilPhase(world, 'prism', 'Running');
  }, 180_000);

  it('keeps a change of a pattern waiting, and goes back at once with the spec before', async () => {
    await using world = await openPrismWorld();
    await bringUp(world, wantedPrism('prism'));
    await world.newPodsAre('image-pull');
    const redisImage = async () =>
      (await world.get(StatefulSet, 'prism-redis'))?.spec?.template.spec?.containers[0]?.image;
    const before = await redisImage();
    const consumers = async () => (await world.get(Deployment, 'prism-consumer-runner'))?.spec?.replicas;
    const patterns = [{ name: 'consumer', backends: ['nats' as const], replicas: 3 }];
    await world.apply(
      PrismCluster,
      wantedPrism('prism', { patterns, backends: { redis: { version: '0.0.0' }, nats: {} } }),
    );
    await world.eventually(
      async () => expect(await told(world, 'prism', 'Ready')).toContain('ImagePullBackOff'),
      patiently,
    );
    expect([await redisImage(), await consumers()]).toEqual(['redis:0.0.0', 1]);
    await untilPhase(world, 'prism', 'Degraded');

    await world.newPodsAre('ready');
    await world.apply(PrismCluster, wantedPrism('prism', { patterns }));
    await world.eventually(async () => expect(await redisImage()).toBe(before));
    await world.podsAre('ready');
    await untilPhase(world, 'prism', 'Running');
    expect(await consumers()).toBe(3);
  }, 180_000);
});

describe('a pattern that does not start', () => {
  it('keeps no other from starting, nor the cluster from being reached', async () => {
    await using world = await openPrismWorld();
    const patterns = [
      { name: 'session', backends: ['kafka' as const] },
      { name: 'consumer', backends: ['nats' as const] },
    ];
    await world.apply(PrismCluster, wantedPrism('prism', { patterns, ingress: { host: 'prism.local' } }));
    await untilPhase(world, 'prism', 'Degraded');
    expect(await workloads(world)).toContain('Deployment/prism-consumer-runner');
    expect(await workloads(world)).not.toContain('Deployment/prism-session-runner');
    expect(await told(world, 'prism', 'BackendMissing')).toContain('session-runner is not started: it names kafka');
  }, 120_000);

  it('for want of a Secret starts once it is there', async () => {
    await using world = await openPrismWorld();
    await world.apply(
      PrismCluster,
      wantedPrism('prism', { backends: { redis: { existingSecret: 'cache' }, nats: {} } }),
    );
    await untilPhase(world, 'prism', 'Failed');
    expect(await told(world, 'prism', 'Ready')).toContain('False SecretMissing: Secret/cache does not exist');
    await world.apply(Secret, { metadata: { name: 'cache' }, stringData: { password: 'a long password' } });
    await untilPhase(world, 'prism', 'Running');
  }, 120_000);
});
