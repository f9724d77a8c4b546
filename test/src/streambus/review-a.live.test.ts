import { ConfigMap, NetworkPolicy, PersistentVolumeClaim, Pod, Secret, StatefulSet } from '@capstan/kube';
import { StreamBusCluster } from '@capstan/streambus-operator';
import type { World } from '@capstan/testkit';
import { expect, it } from 'vitest';
import { bringUp, openBusWorldWithBrokers, wantedCluster } from './open-bus-world.ts';
import { keepSecret, selfSigned } from './serving-secret.ts';

const wait = (ms: number) => new Promise((r) => setTimeout(r, ms));
const say = (...a: unknown[]) => console.log('REVIEW', ...a.map((x) => (typeof x === 'string' ? x : JSON.stringify(x))));
async function conds(world: World) {
  const c = await world.get(StreamBusCluster, 'bus');
  return [c?.status?.phase, ...(c?.status?.conditions ?? []).map((x) => `${x.type}=${x.status} ${x.reason}: ${x.message.slice(0, 150)}`)];
}
const pvc = (name: string, labels?: Record<string, string>) => ({
  metadata: { name, ...(labels && { labels }) },
  spec: { accessModes: ['ReadWriteOnce' as const], storageClassName: 'standard', resources: { requests: { storage: '1Gi' } } },
});

it('T1 RaftVolumesRemain after the claims were deleted as told', async () => {
  await using bus = await openBusWorldWithBrokers();
  const { world } = bus;
  await world.apply(PersistentVolumeClaim, pvc('raft-data-bus-0', { 'app.kubernetes.io/instance': 'bus' }));
  await world.apply(StreamBusCluster, wantedCluster('bus', { replicas: 3 }));
  const r = await world.untilCondition(StreamBusCluster, 'bus', 'Accepted', 'False');
  say('T1', r.reason);
  await world.delete(PersistentVolumeClaim, 'raft-data-bus-0');
  await world.eventually(async () => expect(await world.get(PersistentVolumeClaim, 'raft-data-bus-0')).toBeUndefined());
  await wait(45_000);
  say('T1 45s after', await conds(world));
}, 120_000);

it('T2/T3 claims without labels', async () => {
  await using bus = await openBusWorldWithBrokers();
  const { world } = bus;
  await world.apply(PersistentVolumeClaim, pvc('raft-data-bus-0'));
  await bringUp(world, 'bus', { replicas: 3 });
  const before = await world.get(PersistentVolumeClaim, 'raft-data-bus-0');
  say('T2 accepted with a former raft claim of a 1-broker cluster; labels now', before?.metadata.labels ?? {});
  await world.edit(StreamBusCluster, 'bus', { metadata: { annotations: { 'streambus.io/re-bootstrap-to': '4' } } });
  await world.untilCondition(StreamBusCluster, 'bus', 'ReBootstrapOffered', 'True');
  await world.admin.setScale(StreamBusCluster, { namespace: world.namespace, name: 'bus' }, 4);
  await world.eventually(async () => {
    const c = await world.get(StreamBusCluster, 'bus');
    expect(c?.status).toMatchObject({ bootstrapReplicas: 4, readyReplicas: 4, phase: 'Running' });
  }, { timeout: 60_000 });
  const after = await world.get(PersistentVolumeClaim, 'raft-data-bus-0');
  say('T3 raft claim 0 is the same after bootstrapping anew:', before?.metadata.uid === after?.metadata.uid);
}, 150_000);

it('T4 TLS on with a missing Secret changes the config of running brokers', async () => {
  await using bus = await openBusWorldWithBrokers();
  const { world } = bus;
  await bringUp(world, 'bus', { replicas: 3 });
  await world.apply(StreamBusCluster, wantedCluster('bus', { security: { tls: { enabled: true, certSecretName: 'none' } } }));
  await world.eventually(async () => expect((await conds(world)).join()).toContain('SecretMissing'));
  await world.settled();
  const cm = await world.get(ConfigMap, 'bus-config');
  const sts = await world.get(StatefulSet, 'bus');
  say('T4 config', /host: .*/.exec(cm?.data?.['bus-0.yaml'] ?? '')?.[0] ?? '', 'init', sts?.spec?.template.spec?.initContainers?.map((c) => c.name) ?? [],
    'readiness', sts?.spec?.template.spec?.containers[0]?.readinessProbe ?? {});
  say('T4', await conds(world));
}, 120_000);

it('T5 TLS on together with a refused growth', async () => {
  await using bus = await openBusWorldWithBrokers();
  const { world } = bus;
  await keepSecret(world, 'bus-tls', await selfSigned('bus'));
  await bringUp(world, 'bus', { replicas: 3 });
  await world.apply(StreamBusCluster, wantedCluster('bus', {
    storage: { class: 'standard', size: '2Gi', raftSize: '1Gi' },
    security: { tls: { enabled: true, certSecretName: 'bus-tls' } },
  }));
  await world.untilCondition(StreamBusCluster, 'bus', 'Stalled');
  await world.settled();
  const pods = await world.list(Pod);
  const cm = await world.get(ConfigMap, 'bus-config');
  say('T5', await conds(world), 'init', pods.map((p) => p.spec?.initContainers?.map((c) => c.name)), /host: .*/.exec(cm?.data?.['bus-0.yaml'] ?? '')?.[0]);
}, 120_000);

it('T6 authentication with no method', async () => {
  await using bus = await openBusWorldWithBrokers();
  const { world } = bus;
  await bringUp(world, 'bus', { replicas: 1, security: { authentication: { enabled: true, allowedMethods: [] } } });
  say('T6', await conds(world), (await world.list(Pod)).map((p) => p.spec?.initContainers?.map((c) => c.name)));
}, 120_000);

it('T11 adminFrom with empty labels', async () => {
  await using bus = await openBusWorldWithBrokers();
  const { world } = bus;
  await keepSecret(world, 'bus-tls', await selfSigned('bus'));
  await bringUp(world, 'bus', { replicas: 1, security: { tls: { enabled: true, certSecretName: 'bus-tls' }, networkPolicy: { adminFrom: [{ namespaceLabels: {} }] } } });
  say('T11', (await world.get(NetworkPolicy, 'bus'))?.spec?.ingress ?? [], await conds(world));
  void Secret;
}, 120_000);
