import { fileURLToPath } from 'node:url';
import { type ControlPlane, startControlPlane } from '@capstan/controlplane';
import {
  ApiError,
  ConfigMap,
  CustomResourceDefinition,
  type KubeObject,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  type ResourceType,
  Service,
  StatefulSet,
  StorageClass,
} from '@capstan/kube';
import { type Preview, preview } from '@capstan/runtime';
import { StreamBusCluster, streamBusController } from '@capstan/streambus-operator';
import { BrokerStandIns, eventually, type World } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubectl } from '../setup/kubectl.ts';
import { type BusWorld, type BusWorldOptions, openBusWorldWithBrokers } from './open-bus-world.ts';
import { originalDefinition } from './original-definition.fixture.ts';
import {
  madeByTheOriginal,
  type OriginalSpec,
  originalFinalizer,
  originalLabels,
} from './original-operator.fixture.ts';

const main = fileURLToPath(new URL('../../../operators/streambus/src/main.ts', import.meta.url));

// The CRD is replaced, which would be a nuisance to every other world.
let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane({ nodes: 'kwok', audit: true });
});

afterAll(() => plane?.stop());

/** Resolves when the API server knows the fields of one CRD and not of the other. */
async function untilServing(world: World, whose: 'original' | 'ours'): Promise<void> {
  const { group, version, kind } = StreamBusCluster;
  const metadata = { name: 'probe', namespace: world.namespace };
  const probe = { apiVersion: `${group}/${version}`, kind, metadata, spec: { raft: { membership: 'Fixed' } } };
  await eventually(
    async () => {
      // What the original does not know is tried, so what is sent need not be of its type.
      const answer = world.admin.create(StreamBusCluster, probe as unknown as StreamBusCluster, { dryRun: true });
      const status = await answer.then(
        () => 201,
        (error: unknown) => (error instanceof ApiError ? error.status : 0),
      );
      expect(status).toBe(whose === 'ours' ? 201 : 400);
    },
    { timeout: 30_000 },
  );
}

/** A world in which the original operator is installed, and ours does not run yet. */
async function openFormerWorld(options: BusWorldOptions = {}): Promise<BusWorld> {
  const bus = await openBusWorldWithBrokers({ plane, ...options });
  const { world } = bus;
  await world.stopOperator();
  const { name } = originalDefinition.metadata;
  await world.admin.delete(CustomResourceDefinition, { name });
  await eventually(async () => expect(await world.admin.get(CustomResourceDefinition, { name })).toBeUndefined());
  await kubectl(plane, ['apply', '-f', '-'], originalDefinition);
  await untilServing(world, 'original');
  return bus;
}

/** Installs our CRD over the original's, as the README says. */
async function replaceDefinition(world: World): Promise<void> {
  await kubectl(plane, ['apply', '--server-side', '-f', '-'], StreamBusCluster.manifest());
  await untilServing(world, 'ours');
}

const storage = { class: 'standard', size: '1Gi', raftSize: '1Gi' };

/** A cluster of the original as it always was: its first broker crashes, so the others are never started. */
async function crashingCluster(world: World, name: string, spec: OriginalSpec): Promise<void> {
  await world.newPodsAre('crash-loop');
  await madeByTheOriginal(world.admin, { namespace: world.namespace, name, spec: { storage, ...spec } });
  await world.eventually(async () => expect(await world.get(Pod, `${name}-0`)).toBeDefined());
  await world.newPodsAre('ready');
}

/** A cluster of the original all of whose brokers were started, once taken for ready, and crash now. */
async function startedCluster(world: World, name: string, spec: OriginalSpec): Promise<void> {
  const untilReplicas = (ready: number) =>
    world.eventually(async () => {
      expect((await world.get(StatefulSet, name))?.status?.readyReplicas ?? 0).toBe(ready);
    });
  await world.newPodsAre('ready');
  await madeByTheOriginal(world.admin, { namespace: world.namespace, name, spec: { storage, ...spec } });
  await untilReplicas(spec.replicas);
  await world.podsAre('crash-loop');
  await untilReplicas(0);
  await world.newPodsAre('ready');
}

async function claims(world: World): Promise<Readonly<Record<string, string | undefined>>> {
  const all = await world.list(PersistentVolumeClaim);
  return Object.fromEntries(all.map(({ metadata }) => [metadata.name, metadata.uid] as const).sort());
}

async function sizesOf(world: World): Promise<Readonly<Record<string, unknown>>> {
  const all = await world.list(PersistentVolumeClaim);
  return Object.fromEntries(all.map(({ metadata, spec }) => [metadata.name, spec?.resources?.requests?.['storage']]));
}

/** The claims that the running pods use, each by the UID of what bears that name. */
async function claimsInUse(world: World): Promise<Readonly<Record<string, string | undefined>>> {
  const known = await claims(world);
  const volumes = (await world.list(Pod)).flatMap(({ spec }) => spec?.volumes ?? []);
  const names = volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []).sort();
  return Object.fromEntries(names.map((name) => [name, known[name]] as const));
}

async function uidOf(world: World, type: ResourceType, name: string): Promise<string | undefined> {
  return (await world.get(type, name))?.metadata.uid;
}

/** The versions of a cluster and of its StatefulSet. */
async function versionsOf(world: World, name: string): Promise<readonly (string | undefined)[]> {
  const types: readonly ResourceType[] = [StreamBusCluster, StatefulSet];
  const found = await Promise.all(types.map((type) => world.get(type, name)));
  return found.map((each) => each?.metadata.resourceVersion);
}

async function statusOf(world: World, name: string): Promise<StreamBusCluster['status']> {
  return (await world.get(StreamBusCluster, name))?.status;
}

const untilReady = (world: World, name: string) =>
  world.untilCondition(StreamBusCluster, name, 'Ready', 'True', { timeout: 60_000 });

/** Everything of the kinds that either operator makes, with a word about what is still the original's. */
async function objectsIn(world: World): Promise<readonly string[]> {
  const kinds = [ConfigMap, Service, StatefulSet, PodDisruptionBudget, Pod];
  const lists = await Promise.all(
    kinds.map(async (type) => (await world.list<KubeObject>(type)).map((each) => `${type.kind}/${nameOf(each)}`)),
  );
  return lists
    .flat()
    .filter((name) => name !== 'ConfigMap/kube-root-ca.crt')
    .sort();
}

function nameOf({ metadata: { name, labels, managedFields = [] } }: KubeObject): string {
  const isLabelled = labels?.['app.kubernetes.io/name'] === originalLabels(name)['app.kubernetes.io/name'];
  const isManaged = managedFields.some(({ manager }) => manager === 'manager');
  return `${name}${isLabelled || isManaged ? ' of the original' : ''}`;
}

const childrenOf = (name: string, replicas: number) => [
  `ConfigMap/${name}-config`,
  ...Array.from({ length: replicas }, (_, ordinal) => `Pod/${name}-${ordinal}`),
  `PodDisruptionBudget/${name}`,
  `Service/${name}`,
  `Service/${name}-headless`,
  `StatefulSet/${name}`,
];

async function portsOf(world: World, service: string): Promise<Readonly<Record<string, number>>> {
  const ports = (await world.get(Service, service))?.spec?.ports ?? [];
  return Object.fromEntries(ports.map(({ name, port }) => [name, port] as const));
}

/** What `capstan plan` makes its text of. */
async function foretold(world: World, name: string): Promise<Preview> {
  const found = await world.get(StreamBusCluster, name);
  if (found === undefined) throw new Error(`there is no cluster ${name}`);
  return preview(streamBusController(), found, { client: world.admin });
}

describe('clusters of the original operator', () => {
  it('are taken over: everything is as a new cluster would have it, on the volumes there are', async () => {
    await using bus = await openFormerWorld();
    const { world } = bus;
    await startedCluster(world, 'bus', { replicas: 3 });
    await startedCluster(world, 'solo', { replicas: 1 });
    const before = await claims(world);
    expect(Object.keys(before)).toHaveLength(8);
    expect(await statusOf(world, 'bus')).toMatchObject({
      phase: 'Creating',
      endpoints: { brokers: expect.anything() },
    });
    await replaceDefinition(world);
    await world.startOperator();
    await untilReady(world, 'bus');
    await untilReady(world, 'solo');
    expect(await claims(world)).toEqual(before);
    expect(await claimsInUse(world)).toEqual(before);
    expect(await objectsIn(world)).toEqual([...childrenOf('bus', 3), ...childrenOf('solo', 1)].sort());
    const { metadata, status } = (await world.get(StreamBusCluster, 'bus')) ?? {};
    expect(metadata?.finalizers).toBeUndefined();
    expect(status).toMatchObject({ phase: 'Running', bootstrapReplicas: 3, readyReplicas: 3 });
    expect(status?.endpoints).toEqual([0, 1, 2].map((n) => `bus-${n}.bus-headless.${world.namespace}.svc:9092`));
    expect(Object.keys((await world.get(ConfigMap, 'bus-config'))?.data ?? {})).toEqual(
      [0, 1, 2].map((ordinal) => `bus-${ordinal}.yaml`),
    );
    expect(await portsOf(world, 'bus')).toEqual({ broker: 9092 });
    expect(await portsOf(world, 'bus-headless')).toEqual({ broker: 9092, raft: 9093, http: 8081 });
    expect((await world.get(StatefulSet, 'bus'))?.spec).toMatchObject({
      selector: { matchLabels: { 'app.kubernetes.io/name': 'streambus-broker', 'app.kubernetes.io/instance': 'bus' } },
      podManagementPolicy: 'Parallel',
      updateStrategy: { type: 'OnDelete' },
    });
    await world.expectWrites(0, () => world.restartOperator());
  }, 120_000);

  it('are taken over when only their first broker was ever started, and keep their volumes when they are deleted then', async () => {
    await using bus = await openFormerWorld();
    const { world } = bus;
    await crashingCluster(world, 'bus', { replicas: 3 });
    const before = await claims(world);
    expect(Object.keys(before)).toEqual(['data-bus-0', 'raft-data-bus-0']);
    await replaceDefinition(world);
    await world.startOperator();
    await untilReady(world, 'bus');
    const after = await claims(world);
    expect(after).toMatchObject(before);
    expect(Object.keys(after)).toHaveLength(6);
    await world.delete(StreamBusCluster, 'bus');
    await world.eventually(async () => expect(await objectsIn(world)).toEqual([]), { timeout: 110_000 });
    expect(await claims(world)).toEqual(after);
  }, 180_000);

  it('go away when they were deleted while no operator ran', async () => {
    await using bus = await openFormerWorld();
    const { world } = bus;
    await crashingCluster(world, 'bus', { replicas: 3 });
    const before = await claims(world);
    await world.delete(StreamBusCluster, 'bus');
    expect((await world.get(StreamBusCluster, 'bus'))?.metadata).toMatchObject({
      deletionTimestamp: expect.anything(),
      finalizers: [originalFinalizer],
    });
    await replaceDefinition(world);
    const position = world.audit.position();
    await world.startOperator();
    await world.eventually(async () => expect(await world.get(StreamBusCluster, 'bus')).toBeUndefined());
    await world.eventually(async () => expect(await objectsIn(world)).toEqual([]), { timeout: 110_000 });
    expect(await claims(world)).toEqual(before);
    expect(world.writes(position).map(({ verb, resource }) => `${verb} ${resource}`)).toEqual([
      'patch streambusclusters',
    ]);
  }, 180_000);

  it('are said beforehand to be made anew, with the pods that restart, and nothing is touched by saying so', async () => {
    await using bus = await openFormerWorld();
    const { world } = bus;
    await startedCluster(world, 'bus', { replicas: 3 });
    const early = await foretold(world, 'bus');
    await replaceDefinition(world);
    const before = await versionsOf(world, 'bus');
    const { children, refusal, error } = await foretold(world, 'bus');
    expect([refusal, error]).toEqual([undefined, undefined]);
    expect(children.map(({ kind, name, action }) => `${action} ${kind}/${name}`)).toEqual([
      'change Service/bus-headless',
      'change Service/bus',
      'create PodDisruptionBudget/bus',
      'change ConfigMap/bus-config',
      'recreate StatefulSet/bus',
    ]);
    // It may be asked before anything is installed.
    expect(early.children).toEqual(children);
    // What the original wrote goes, in the difference that is shown as well.
    const [, service, , config] = children;
    const file = expect.any(String);
    expect(config?.after).toHaveProperty('data', { 'bus-0.yaml': file, 'bus-1.yaml': file, 'bus-2.yaml': file });
    expect(service?.after).toMatchObject({ spec: { ports: [{ name: 'broker', port: 9092 }] } });
    expect(children.at(-1)).toMatchObject({
      detail: expect.stringContaining('.spec.selector'),
      pods: { restarts: 3, stops: 0, how: 'all at once: it is deleted and made anew' },
    });
    expect(await versionsOf(world, 'bus')).toEqual(before);
  }, 120_000);

  it('are taken over by another process when the first one is killed with their StatefulSet deleted', async () => {
    await using brokers = await BrokerStandIns.start();
    const flags = [`--broker-proxy=${brokers.url}`];
    await using bus = await openFormerWorld({ program: { main, flags } });
    const { world } = bus;
    await startedCluster(world, 'bus', { replicas: 3 });
    const before = await claims(world);
    // Keeps the StatefulSet from being gone before the operator is.
    await world.edit(Pod, 'bus-1', { metadata: { finalizers: ['example.dev/hold'] } });
    await replaceDefinition(world);
    await world.startOperator();
    await world.eventually(async () => {
      expect((await world.get(StatefulSet, 'bus'))?.metadata.deletionTimestamp).toBeDefined();
    });
    await world.killOperator();
    await world.edit(Pod, 'bus-1', { metadata: { finalizers: [] } });
    await world.eventually(async () => expect(await world.get(StatefulSet, 'bus')).toBeUndefined());
    await world.startOperator();
    await untilReady(world, 'bus');
    expect(await claimsInUse(world)).toEqual(before);
    expect(await claims(world)).toEqual(before);
  }, 120_000);

  it('get the size that was asked for while no operator ran: brokers that never ran have no quorum to lose', async () => {
    await using bus = await openFormerWorld();
    const { world } = bus;
    await crashingCluster(world, 'bus', { replicas: 1 });
    await replaceDefinition(world);
    await world.edit(StreamBusCluster, 'bus', { spec: { replicas: 3 } });
    await world.startOperator();
    await untilReady(world, 'bus');
    expect(await statusOf(world, 'bus')).toMatchObject({ bootstrapReplicas: 3, readyReplicas: 3 });
  }, 120_000);

  it('get volumes of the size that the original never gave them, and grow like any other from then on', async () => {
    await using bus = await openFormerWorld();
    const { world } = bus;
    const provisioner = 'kubernetes.io/host-path';
    await world.apply(StorageClass, { metadata: { name: 'expandable' }, provisioner, allowVolumeExpansion: true });
    await crashingCluster(world, 'bus', { replicas: 1, storage: { ...storage, class: 'expandable' } });
    const before = await claims(world);
    await replaceDefinition(world);
    await world.edit(StreamBusCluster, 'bus', { spec: { storage: { size: '2Gi' } } });
    await world.startOperator();
    await untilReady(world, 'bus');
    expect(await sizesOf(world)).toEqual({ 'data-bus-0': '2Gi', 'raft-data-bus-0': '1Gi' });
    // The claims bear the labels of the original for ever.
    await world.edit(StreamBusCluster, 'bus', { spec: { storage: { size: '3Gi', raftSize: '2Gi' } } });
    await world.eventually(async () => {
      expect(await sizesOf(world)).toEqual({ 'data-bus-0': '3Gi', 'raft-data-bus-0': '2Gi' });
    });
    await untilReady(world, 'bus');
    expect(await claims(world)).toEqual(before);
  }, 120_000);

  it('keep their volumes from another StorageClass and from a smaller size that were asked for and never done', async () => {
    await using bus = await openFormerWorld();
    const { world } = bus;
    await crashingCluster(world, 'bus', { replicas: 1 });
    const set = await uidOf(world, StatefulSet, 'bus');
    await replaceDefinition(world);
    await world.edit(StreamBusCluster, 'bus', { spec: { storage: { class: 'fast', size: '512Mi' } } });
    await world.startOperator();
    const refused = await world.untilCondition(StreamBusCluster, 'bus', 'Accepted', 'False');
    expect(refused).toMatchObject({
      reason: 'StorageChangeRefused',
      message: expect.stringContaining('spec.storage.class is fast but they were made with standard'),
    });
    expect(await uidOf(world, StatefulSet, 'bus')).toBe(set);
    await world.edit(StreamBusCluster, 'bus', { spec: { storage } });
    await untilReady(world, 'bus');
  }, 120_000);
});

describe('what the CRD of the original allowed', () => {
  it('is accepted, and what does nothing is listed', async () => {
    await using bus = await openFormerWorld();
    const { world } = bus;
    await crashingCluster(world, 'empty', {
      ...{ replicas: 1, version: '' },
      security: { tls: { secretName: '' }, authentication: { sasl: { secretName: '' } } },
      observability: { tracing: { endpoint: '' } },
    });
    await crashingCluster(world, 'asking', {
      ...{ replicas: 1, version: '1.0.1' },
      resources: { requests: { cpu: '0.25', memory: '134217728' } },
      security: {
        ...{ enabled: true, tls: { secretName: 'certificates' } },
        authentication: { enabled: true, sasl: { mechanism: 'PLAIN', secretName: 'users' } },
      },
      observability: { metrics: { enabled: false }, tracing: { enabled: true, endpoint: 'collector:4317' } },
    });
    await replaceDefinition(world);
    await world.startOperator();
    await untilReady(world, 'empty');
    const types = (await world.conditions(StreamBusCluster, 'empty')).map(({ type }) => type);
    expect(types).not.toContain('UnsupportedFields');
    expect(types).not.toContain('SecurityEnforced');
    const unsupported = await world.untilCondition(StreamBusCluster, 'asking', 'UnsupportedFields');
    expect(unsupported.message).toBe(
      'These fields do nothing: spec.observability.metrics.enabled, spec.observability.tracing.enabled, ' +
        'spec.observability.tracing.endpoint, spec.version.',
    );
    const security = await world.untilCondition(StreamBusCluster, 'asking', 'SecurityEnforced', 'False');
    expect(security.message).toContain('sasl: ');
    await world.untilCondition(StreamBusCluster, 'asking', 'Accepted');
    await world.eventually(async () => expect(await objectsIn(world)).toContain('Pod/asking-0'));
  }, 120_000);

  it('is refused where no broker could run with it: nothing is touched, and the cluster is taken over once it is put right', async () => {
    await using bus = await openFormerWorld();
    const { world } = bus;
    await crashingCluster(world, 'low', { replicas: 1, config: { port: 80 } });
    await crashingCluster(world, 'clash', { replicas: 1, config: { port: 9093 } });
    await crashingCluster(world, 'many', { replicas: 51 });
    await crashingCluster(world, 'bare', { replicas: 1, security: { tls: { enabled: true } } });
    const names = ['low', 'clash', 'many', 'bare'];
    const sets = await Promise.all(names.map((name) => uidOf(world, StatefulSet, name)));
    await replaceDefinition(world);
    await world.startOperator();
    const messages = await Promise.all(
      names.map(async (name) => (await world.untilCondition(StreamBusCluster, name, 'Accepted', 'False')).message),
    );
    expect(messages).toEqual([
      'spec.config.port: must be greater than or equal to 1024.',
      expect.stringContaining('port, httpPort and grpcPort must be three different ports'),
      'spec.replicas: must be less than or equal to 50.',
      'spec.security.tls.certSecretName: needs certSecretName when TLS is enabled.',
    ]);
    await world.settled();
    expect(await Promise.all(names.map((name) => uidOf(world, StatefulSet, name)))).toEqual(sets);
    await world.edit(StreamBusCluster, 'low', { spec: { config: { port: 9092 } } });
    await world.edit(StreamBusCluster, 'many', { spec: { replicas: 1 } });
    await untilReady(world, 'low');
    await untilReady(world, 'many');
  }, 120_000);
});
