import { ConfigMap, Deployment, HorizontalPodAutoscaler, Secret, Service, StatefulSet } from '@capstan/kube';
import { PrismCluster } from '@capstan/prism-operator';
import type { World } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { bringUp, openPrismWorld, patiently, podUids, sample, untilPhase, wantedPrism } from './open-prism-world.ts';

/** `kubectl patch prismcluster prism-local --type=json -p='[...]'` */
function patched(world: World, operations: readonly object[]) {
  const at = { namespace: world.namespace, name: 'prism-local' };
  return world.admin.patch(PrismCluster, at, { kind: 'json', operations }, { fieldManager: 'kubectl-patch' });
}

describe("the requirement's examples of changes while it runs", () => {
  it('1: a pattern is added, and gets a workload, its variables, a name in DNS and a place in the status', async () => {
    await using world = await openPrismWorld();
    await bringUp(world, sample());
    const resources = { requests: { memory: '128Mi', cpu: '100m' }, limits: { memory: '256Mi', cpu: '500m' } };
    const claimcheck = { name: 'claimcheck', type: 'Deployment', replicas: 2, backends: ['minio', 'redis'], resources };
    await patched(world, [{ op: 'add', path: '/spec/patterns/-', value: claimcheck }]);
    await untilPhase(world, 'prism-local', 'Running');
    const deployment = await world.get(Deployment, 'prism-local-claimcheck-runner');
    const env = deployment?.spec?.template.spec?.containers[0]?.env ?? [];
    expect(env.map(({ name }) => name)).toEqual(expect.arrayContaining(['MINIO_URL', 'REDIS_URL']));
    expect(await world.get(Service, 'prism-local-claimcheck-runner')).toBeDefined();
    const { status } = (await world.get(PrismCluster, 'prism-local')) ?? {};
    expect(status?.patternStatus?.at(-1)).toEqual({
      ...{ name: 'claimcheck-runner', ready: true, replicas: 2, availableReplicas: 2 },
    });
  }, 180_000);

  it('2: the bounds of the autoscaler are followed at once, also while something else waits', async () => {
    await using world = await openPrismWorld();
    await bringUp(world, sample());
    const max = async () => (await world.get(HorizontalPodAutoscaler, 'prism-local-prism-proxy'))?.spec?.maxReplicas;
    expect(await max()).toBe(10);
    await patched(world, [{ op: 'replace', path: '/spec/proxy/autoscaling/maxReplicas', value: 20 }]);
    await world.eventually(async () => expect(await max()).toBe(20));
    await world.podsAre('never-ready');
    await untilPhase(world, 'prism-local', 'Degraded');
    await patched(world, [{ op: 'replace', path: '/spec/proxy/autoscaling/maxReplicas', value: 30 }]);
    await world.eventually(async () => expect(await max()).toBe(30));
  }, 180_000);

  it('3: Kafka is enabled, and the patterns that use it are started with its address; no other is restarted', async () => {
    await using world = await openPrismWorld();
    const { metadata, spec } = sample();
    const ingest = { name: 'ingest', backends: ['kafka' as const] };
    await world.apply(PrismCluster, { metadata, spec: { ...spec, patterns: [...(spec.patterns ?? []), ingest] } });
    await untilPhase(world, 'prism-local', 'Degraded');
    expect(await world.get(Deployment, 'prism-local-ingest-runner')).toBeUndefined();
    const before = await podUids(world, 'consumer-runner');
    await patched(world, [
      { op: 'replace', path: '/spec/backends/kafka/enabled', value: true },
      { op: 'add', path: '/spec/backends/kafka/replicas', value: 3 },
      { op: 'add', path: '/spec/backends/kafka/version', value: 'latest' },
    ]);
    await untilPhase(world, 'prism-local', 'Running');
    expect((await world.get(StatefulSet, 'prism-local-kafka'))?.spec?.replicas).toBe(3);
    const brokers = (await world.get(ConfigMap, 'prism-local-service-discovery'))?.data?.['KAFKA_BROKERS'];
    expect(brokers).toBe(`prism-local-kafka.${world.namespace}.svc:9092`);
    const env = (await world.get(Deployment, 'prism-local-ingest-runner'))?.spec?.template.spec?.containers[0]?.env;
    expect(env?.find(({ name }) => name === 'KAFKA_BROKERS')?.value).toBe(brokers);
    expect(await podUids(world, 'consumer-runner')).toEqual(before);
  }, 240_000);
});

describe('a backend whose credentials are changed by their owner', () => {
  it('is restarted with the patterns that use it, and with no others', async () => {
    await using world = await openPrismWorld();
    const keep = (password: string) => world.apply(Secret, { metadata: { name: 'cache' }, stringData: { password } });
    await keep('a first long password');
    await bringUp(world, wantedPrism('prism', { backends: { redis: { existingSecret: 'cache' }, nats: {} } }));
    const uids = () => Promise.all(['redis', 'keyvalue-runner', 'consumer-runner'].map((each) => podUids(world, each)));
    const [redis, keyvalue, consumer] = await uids();
    await keep('a second long password');
    await world.eventually(async () => {
      const [redisNow, keyvalueNow, consumerNow] = await uids();
      expect(redisNow).not.toEqual(redis);
      expect(keyvalueNow).not.toEqual(keyvalue);
      expect([redisNow, keyvalueNow, consumerNow].map((all) => all?.length)).toEqual([1, 1, 1]);
    }, patiently);
    expect((await uids())[2]).toEqual(consumer);
  }, 180_000);
});
