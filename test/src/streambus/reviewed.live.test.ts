import { ConfigMap, HorizontalPodAutoscaler, PersistentVolumeClaim, Pod, Secret, StatefulSet } from '@capstan/kube';
import { StreamBusCluster } from '@capstan/streambus-operator';
import type { World } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { bringUp, openBusWorldWithBrokers, type WantedCluster, wantedCluster } from './open-bus-world.ts';
import { keepSecret, selfSigned } from './serving-secret.ts';

type Spec = Partial<WantedCluster['spec']>;

const tls: Spec = { security: { tls: { enabled: true, certSecretName: 'bus-tls' } } };

async function condition(world: World, type: string) {
  const found = await world.get(StreamBusCluster, 'bus');
  return found?.status?.conditions?.find((each) => each.type === type);
}

describe('an autoscaler on the StatefulSet of the brokers', () => {
  it('does not take members out of the quorum: its number is put back, and who fights is told', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world } = bus;
    await bringUp(world, 'bus');
    await world.apply(HorizontalPodAutoscaler, {
      metadata: { name: 'bus' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'bus' },
        minReplicas: 1,
        maxReplicas: 2,
      },
    });
    const at = { namespace: world.namespace, name: 'bus' };
    await world.admin.setScale(StatefulSet, at, 1, { fieldManager: 'kube-controller-manager' });
    await world.eventually(async () => expect((await world.get(StatefulSet, 'bus'))?.spec?.replicas).toBe(3));
    const events = async () => (await world.events(StreamBusCluster, 'bus')).map(({ reason }) => reason);
    // It is told after it is done.
    await world.eventually(async () => expect(await events()).toContain('DriftRepaired'));
    expect(await events()).not.toContain('ReplicasLeftToAutoscaler');
  });
});

describe('a change that may not reach the brokers', () => {
  it('does not reach their configuration either, and is not told as protection', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world } = bus;
    await bringUp(world, 'bus');
    await world.apply(StreamBusCluster, wantedCluster('bus', tls));
    await world.eventually(async () =>
      expect(await condition(world, 'Ready')).toMatchObject({ reason: 'SecretMissing' }),
    );
    await world.settled();
    expect((await world.get(ConfigMap, 'bus-config'))?.data?.['bus-0.yaml']).toContain('host: "0.0.0.0"');
    // Volumes of this StorageClass do not grow, so the StatefulSet stays as it is.
    const storage = { class: 'standard', size: '2Gi', raftSize: '1Gi' };
    await world.apply(StreamBusCluster, wantedCluster('bus', { ...tls, storage }));
    await keepSecret(world, 'bus-tls', await selfSigned('bus'));
    await world.eventually(async () =>
      expect(await condition(world, 'Ready')).toMatchObject({ reason: 'VolumeGrowthRefused' }),
    );
    expect(await condition(world, 'SecurityEnforced')).toMatchObject({ status: 'False', reason: 'RollingOut' });
    expect((await world.get(ConfigMap, 'bus-config'))?.data?.['bus-0.yaml']).toContain('host: "0.0.0.0"');
    expect((await world.get(Pod, 'bus-0'))?.spec?.initContainers?.map(({ name }) => name)).toEqual(['linger']);
  });

  it('costs no leader: without its Secret one would not come back', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world } = bus;
    await keepSecret(world, 'bus-tls', await selfSigned('bus'));
    await bringUp(world, 'bus', tls);
    const leader = (await world.get(Pod, 'bus-0'))?.metadata.uid;
    await world.delete(Secret, 'bus-tls');
    await world.edit(Pod, 'bus-2', { metadata: { annotations: { 'capstan.dev/pod': 'never-ready' } } });
    await world.eventually(async () => {
      const conditions = (await world.get(Pod, 'bus-2'))?.status?.conditions ?? [];
      expect(conditions.find(({ type }) => type === 'Ready')?.status).toBe('False');
    });
    const pod = await world.get(Pod, 'bus-2');
    const lastTransitionTime = new Date(Date.now() - 120_000).toISOString().replace(/\.\d{3}Z$/, 'Z');
    const conditions = pod?.status?.conditions?.map((each) =>
      each.type === 'Ready' ? { ...each, lastTransitionTime } : each,
    );
    const at = { namespace: world.namespace, name: 'bus-2' };
    await world.admin.patch(Pod, at, { kind: 'merge', body: { status: { conditions } } }, { subresource: 'status' });
    await world.eventually(async () =>
      expect(await condition(world, 'Ready')).toMatchObject({ reason: 'SecretMissing' }),
    );
    await world.settled();
    expect((await world.get(Pod, 'bus-0'))?.metadata.uid).toBe(leader);
  });
});

describe('raft volumes of a former cluster', () => {
  it('count although the first of them has gone, and the refusal ends by itself when the last has', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world } = bus;
    const labels = { 'app.kubernetes.io/instance': 'bus' };
    const spec = { accessModes: ['ReadWriteOnce' as const], resources: { requests: { storage: '1Gi' } } };
    await world.apply(PersistentVolumeClaim, { metadata: { name: 'raft-data-bus-2', labels }, spec });
    await world.apply(StreamBusCluster, wantedCluster('bus', { replicas: 5 }));
    await world.eventually(async () =>
      expect(await condition(world, 'Accepted')).toMatchObject({ status: 'False', reason: 'RaftVolumesRemain' }),
    );
    await world.delete(PersistentVolumeClaim, 'raft-data-bus-2');
    await world.untilCondition(StreamBusCluster, 'bus', 'Ready', 'True', { timeout: 60_000 });
  }, 90_000);
});

describe('a cluster that is bootstrapped anew and cannot start', () => {
  it('says which broker is late, and may be given another size', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world } = bus;
    await bringUp(world, 'bus');
    await world.newPodsAre('image-pull');
    const optFor = (size: number) =>
      world.edit(StreamBusCluster, 'bus', { metadata: { annotations: { 'streambus.io/re-bootstrap-to': `${size}` } } });
    const offered = (size: number) =>
      world.eventually(async () =>
        expect((await world.get(StreamBusCluster, 'bus'))?.status?.offeredReplicas).toBe(size),
      );
    await optFor(5);
    await offered(5);
    await world.edit(StreamBusCluster, 'bus', { spec: { replicas: 5 } });
    await world.eventually(
      async () => {
        const stalled = await condition(world, 'Stalled');
        expect(stalled).toMatchObject({ status: 'True', reason: 'BrokerStuck' });
        expect(stalled?.message).toContain('ImagePullBackOff');
      },
      { timeout: 30_000 },
    );
    await optFor(3);
    await offered(3);
    await world.newPodsAre('ready');
    await world.edit(StreamBusCluster, 'bus', { spec: { replicas: 3 } });
    await world.eventually(
      async () => {
        const { status } = (await world.get(StreamBusCluster, 'bus')) ?? {};
        expect(status).toMatchObject({ phase: 'Running', bootstrapReplicas: 3, readyReplicas: 3 });
        expect(status?.reBootstrap).toBeUndefined();
      },
      { timeout: 60_000 },
    );
  }, 120_000);
});
