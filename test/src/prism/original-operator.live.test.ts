import { fileURLToPath } from 'node:url';
import { type ControlPlane, pickPort, startControlPlane } from '@capstan/controlplane';
import {
  ApiError,
  CustomResourceDefinition,
  createClient,
  Deployment,
  HorizontalPodAutoscaler,
  type KubeClient,
  type KubeObject,
  loadKubeConfig,
  PersistentVolumeClaim,
  type ResourceType,
  Service,
} from '@capstan/kube';
import { PrismPattern, PrismPatterns, patternController, prismController } from '@capstan/prism-operator';
import { ScaledObject } from '@capstan/resources';
import { conditionOf, converting, createLogger, Manager, type Preview, preview, webhooksFor } from '@capstan/runtime';
import { applyManifests, eventually, openWorld, readManifests, untilServed, type World } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubectl } from '../setup/kubectl.ts';
import { bringUp, patiently, type WantedPrism } from './open-prism-world.ts';
import { originalDefinition } from './original-definition.fixture.ts';
import {
  madeByTheOriginal,
  OriginalPattern,
  type OriginalSpec,
  workedOnByTheOriginal,
} from './original-operator.fixture.ts';

const kedaDefinitions = fileURLToPath(new URL('../../third-party/keda', import.meta.url));
const nobody = { ask: () => Promise.reject(new Error('there is nobody')) };
const definition = originalDefinition.metadata;

// The CRD is replaced, which would be a nuisance to every other world.
let plane: ControlPlane;
let client: KubeClient;
let webhook = '';
const stop = new AbortController();
let serving: Promise<void> = Promise.resolve();

beforeAll(async () => {
  plane = await startControlPlane({ nodes: 'kwok', audit: true });
  webhook = `https://127.0.0.1:${await pickPort()}`;
  const parts = webhooksFor({
    ...{ name: 'prism-operator', namespace: 'default', webhooks: [converting(PrismPatterns)] },
    ...{ bindAddress: new URL(webhook).host, address: { url: webhook } },
  });
  const connection = await loadKubeConfig({ path: plane.kubeconfig });
  client = createClient(connection);
  const log = createLogger({ level: 'error', destination: { write: () => {} } });
  serving = new Manager({ connection, controllers: [], log, beside: parts.beside }).run(stop.signal);
}, 120_000);

afterAll(async () => {
  stop.abort();
  await serving;
  await client?.close();
  await plane?.stop();
});

/** Resolves when a version of patterns can be written, and one that the CRD has not cannot. */
async function untilServing(world: World, type: ResourceType): Promise<void> {
  const { group, version, kind } = type;
  const metadata = { name: 'probe', namespace: world.namespace };
  const probe = { apiVersion: `${group}/${version}`, kind, metadata, spec: {} };
  await eventually(
    async () => {
      const answer = await client.create(type, probe, { dryRun: true }).then(
        () => 201,
        (error: unknown) => (error instanceof ApiError ? error.status : 0),
      );
      // One that says nothing is refused by either schema, once there is one.
      expect(answer).toBe(422);
    },
    { timeout: 30_000 },
  );
}

/** Also what the world before has left of it. */
async function removeDefinition(): Promise<void> {
  await client.delete(CustomResourceDefinition, definition);
  await eventually(async () => expect(await client.get(CustomResourceDefinition, definition)).toBeUndefined(), {
    timeout: 30_000,
  });
}

const cluster: WantedPrism = { metadata: { name: 'prism' }, spec: { backends: { redis: {}, nats: {} } } };

/** A world in which the original operator is installed, and ours does not run; a cluster of ours may run already. */
async function openFormerWorld({ hasCluster }: { readonly hasCluster: boolean }): Promise<World> {
  await removeDefinition();
  await using building = new AsyncDisposableStack();
  const controllers = [prismController({ adminMetrics: nobody }), patternController()];
  const world = building.use(await openWorld({ controllers, name: 'former', plane }));
  if (hasCluster) await bringUp(world, cluster);
  await world.stopOperator();
  await removeDefinition();
  await kubectl(plane, ['apply', '-f', '-'], originalDefinition);
  await untilServing(world, OriginalPattern);
  building.move();
  return world;
}

/** Installs our CRD over that of the original, as its instructions say. */
async function replaceDefinition(world: World): Promise<void> {
  await kubectl(
    plane,
    ['apply', '--server-side', '--force-conflicts', '-f', '-'],
    PrismPatterns.manifest({ url: `${webhook}/convert` }),
  );
  await untilServing(world, PrismPattern);
  // What is stored as v1alpha1 can be read when the certificate of the webhook is in the CRD.
  await eventually(() => world.list(PrismPattern), { timeout: 60_000 });
}

const keyvalue: OriginalSpec = { pattern: 'keyvalue', backend: 'redis', image: 'example.org/keyvalue:1', replicas: 2 };
const consumer: OriginalSpec = { pattern: 'consumer', backend: 'nats', image: 'example.org/consumer:1', replicas: 1 };

/** A pattern of the original whose pods run. */
async function runningPattern(world: World, name: string, spec: OriginalSpec): Promise<void> {
  await madeByTheOriginal(world.admin, { namespace: world.namespace, name, spec });
  const wanted = spec.autoscaling?.minReplicas ?? spec.replicas;
  await world.eventually(async () => {
    expect((await world.get(Deployment, name))?.status?.readyReplicas ?? 0).toBe(wanted);
  });
}

async function told(world: World, name: string, type: string): Promise<string | undefined> {
  const found = conditionOf((await world.get(PrismPattern, name))?.status?.conditions, type);
  return found && `${found.status} ${found.reason}: ${found.message}`;
}

const untilReady = (world: World, name: string) => world.untilCondition(PrismPattern, name, 'Ready', 'True', patiently);

/** What there is under the plain name of a pattern. */
async function underThePlainName(world: World, name: string): Promise<readonly string[]> {
  const kinds = [Deployment, Service, HorizontalPodAutoscaler] as readonly ResourceType[];
  const found = await Promise.all(kinds.map((type) => world.get(type, name)));
  return found.flatMap((each) => each?.kind ?? []);
}

async function uidOf(world: World, type: ResourceType<KubeObject>, name: string): Promise<string | undefined> {
  return (await world.get(type, name))?.metadata.uid;
}

/** What `capstan plan` makes its text of. */
async function foretold(world: World, name: string): Promise<Preview> {
  const found = await world.get(PrismPattern, name);
  if (found === undefined) throw new Error(`there is no pattern ${name}`);
  return preview(patternController(), found, { client: world.admin });
}

async function installKeda(world: World): Promise<void> {
  await applyManifests(world.admin, await readManifests(kedaDefinitions), 'a-platform');
  const sample = {
    ...{ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata: { name: 'probe', namespace: 'default' } },
    spec: { scaleTargetRef: { name: 'probe' }, triggers: [{ type: 'cpu', metadata: { value: '1' } }] },
  };
  await untilServed(world.admin, ScaledObject, sample, AbortSignal.timeout(30_000));
}

/** Fails when the pods of before are gone and those that take their place are not available. */
async function expectNoGap(world: World, name: string): Promise<boolean> {
  const former = await world.get(Deployment, name);
  const next = await world.get(Deployment, `prism-${name}-runner`);
  const available = next?.status?.availableReplicas ?? 0;
  if (former === undefined) expect(available).toBe(next?.spec?.replicas);
  return former === undefined;
}

describe('patterns of the original operator', () => {
  const scaled: OriginalSpec = {
    ...keyvalue,
    resources: { requests: { cpu: '100m' } },
    backendConfig: { name: 'redis-production', namespace: 'prism-system' },
    service: { port: 8080 },
    autoscaling: { enabled: true, minReplicas: 2, maxReplicas: 5, targetCPUUtilizationPercentage: 75 },
  };

  it('become part of their cluster: what the original made goes when the new pods are available, and nothing else does', async () => {
    await using world = await openFormerWorld({ hasCluster: false });
    await runningPattern(world, 'cache', scaled);
    const claim = { accessModes: ['ReadWriteOnce' as const], resources: { requests: { storage: '1Gi' } } };
    const labels = { app: 'prism', 'prism.io/pattern-instance': 'cache' };
    await world.apply(PersistentVolumeClaim, { metadata: { name: 'cache', labels }, spec: claim });
    await world.apply(Service, { metadata: { name: 'mine', labels }, spec: { ports: [{ port: 80 }] } });
    const others = [await uidOf(world, PersistentVolumeClaim, 'cache'), await uidOf(world, Service, 'mine')];

    await replaceDefinition(world);
    await world.startOperator();
    await world.eventually(async () =>
      expect(await told(world, 'cache', 'OriginalRetired')).toContain('False NotCarriedOut: '),
    );
    await bringUp(world, cluster);
    await world.eventually(async () => expect(await expectNoGap(world, 'cache')).toBe(true), patiently);
    await untilReady(world, 'cache');

    expect(await underThePlainName(world, 'cache')).toEqual([]);
    expect([await uidOf(world, PersistentVolumeClaim, 'cache'), await uidOf(world, Service, 'mine')]).toEqual(others);
    expect((await world.get(HorizontalPodAutoscaler, 'prism-cache-runner'))?.spec).toMatchObject({
      ...{ minReplicas: 2, maxReplicas: 5, scaleTargetRef: { name: 'prism-cache-runner' } },
    });
    const pattern = await world.get(PrismPattern, 'cache');
    expect(pattern?.status).toMatchObject({ phase: 'Running', observedGeneration: pattern?.metadata.generation });
    expect(await told(world, 'cache', 'OriginalRetired')).toBeUndefined();
    expect(await told(world, 'cache', 'Ready')).toContain('True AllReady: ');
    await world.eventually(async () =>
      expect((await world.events(PrismPattern, 'cache')).map(({ reason }) => reason)).toContain('OriginalRetired'),
    );
    // Numbers of pods may be told up to five seconds late.
    await world.settled({ quietMs: 6_000 });
    await world.expectWrites(0, () => world.restartOperator());
    expect((await world.permissions()).forbidden).toEqual([]);
  }, 240_000);

  it('are said beforehand to lose what the original made, with the pods that stop, and nothing is touched by saying so', async () => {
    await using world = await openFormerWorld({ hasCluster: true });
    await runningPattern(world, 'cache', scaled);
    await replaceDefinition(world);
    const before = await world.get(Deployment, 'cache');
    const { children, error, status } = await foretold(world, 'cache');
    expect(error).toBeUndefined();
    expect(children.map(({ kind, name, action }) => `${action} ${kind}/${name}`)).toEqual([
      'remove HorizontalPodAutoscaler/cache',
      'remove Deployment/cache',
      'remove Service/cache',
    ]);
    expect(children.find(({ kind }) => kind === 'Deployment')?.pods).toMatchObject({ restarts: 0, stops: 2 });
    expect(JSON.stringify(status?.after)).toContain(
      'is deleted once all pods of Deployment/prism-cache-runner are available; until then the pods of before (2 ready) run on.',
    );
    expect((await world.get(Deployment, 'cache'))?.metadata).toEqual(before?.metadata);
  }, 180_000);

  it('keep the pods that work until the new ones do, and not those that do not', async () => {
    await using world = await openFormerWorld({ hasCluster: true });
    await installKeda(world);
    await world.newPodsAre('crash-loop');
    await madeByTheOriginal(world.admin, { namespace: world.namespace, name: 'broken', spec: keyvalue });
    await world.newPodsAre('ready');
    const triggers = [{ type: 'redis', metadata: { listName: 'work', listLength: '5' } }];
    const autoscaling = { enabled: true, scaler: 'keda', minReplicas: 1, maxReplicas: 3, triggers } as const;
    await runningPattern(world, 'events', { ...consumer, autoscaling });

    await world.newPodsAre('never-ready');
    await replaceDefinition(world);
    await world.startOperator();
    await world.eventually(async () => expect(await underThePlainName(world, 'broken')).toEqual([]), patiently);
    await world.eventually(async () => {
      expect((await world.get(Deployment, 'prism-events-runner'))?.status?.replicas).toBe(1);
      expect(await told(world, 'events', 'OriginalRetired')).toContain('some are worked on twice, and none is missed.');
    }, patiently);
    await world.settled();
    expect((await world.get(Deployment, 'events'))?.status?.readyReplicas).toBe(1);
    expect(await uidOf(world, ScaledObject, 'events')).toBeDefined();

    await world.podsAre('ready');
    await world.eventually(async () => expect(await expectNoGap(world, 'events')).toBe(true), patiently);
    await untilReady(world, 'events');
    await untilReady(world, 'broken');
    expect((await world.list(ScaledObject)).map(({ metadata }) => metadata.name)).toEqual(['prism-events-runner']);
    await world.expectWrites(0, () => world.restartOperator());
  }, 240_000);

  it('keep everything where they cannot be carried out, and go with all of it when they are deleted', async () => {
    await using world = await openFormerWorld({ hasCluster: true });
    await runningPattern(world, 'odd', { ...keyvalue, backend: 'dynamodb', service: { port: 8080 } });
    await runningPattern(world, 'gone', scaled);
    // While no operator runs.
    await world.delete(OriginalPattern, 'gone');
    await replaceDefinition(world);
    await world.startOperator();
    await world.eventually(async () => {
      expect(await told(world, 'odd', 'OriginalRetired')).toContain('False NotCarriedOut: ');
      expect(await told(world, 'odd', 'Accepted')).toContain('spec.backends[dynamodb].name: must be one of ');
    }, patiently);
    await world.eventually(async () => expect(await underThePlainName(world, 'gone')).toEqual([]), {
      timeout: 110_000,
    });
    await world.settled();
    expect(await underThePlainName(world, 'odd')).toEqual(['Deployment', 'Service']);
    expect((await world.get(Deployment, 'odd'))?.status?.readyReplicas).toBe(2);
    await world.delete(PrismPattern, 'odd');
    await world.eventually(async () => expect(await underThePlainName(world, 'odd')).toEqual([]), {
      timeout: 110_000,
    });
  }, 300_000);

  it('are not fought over with an original operator that is still at work', async () => {
    await using world = await openFormerWorld({ hasCluster: true });
    await runningPattern(world, 'cache', keyvalue);
    await replaceDefinition(world);
    await world.startOperator();
    await untilReady(world, 'cache');
    const pattern = await world.get(OriginalPattern, 'cache');
    if (pattern === undefined) throw new Error('the pattern is served in both versions');
    const start = world.audit.position();
    await workedOnByTheOriginal(world.admin, pattern);
    await world.eventually(async () =>
      expect(await told(world, 'cache', 'Stalled')).toContain('True OriginalAtWork: '),
    );
    await world.settled();
    expect(world.writes(start).map(({ verb, resource }) => `${verb} ${resource}`)).not.toContain('delete deployments');
    await world.delete(Deployment, 'cache');
    await untilReady(world, 'cache');
  }, 180_000);
});
