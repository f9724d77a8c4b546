import { fileURLToPath } from 'node:url';
import { type ControlPlane, startControlPlane } from '@capstan/controlplane';
import { Deployment, HorizontalPodAutoscaler, Secret } from '@capstan/kube';
import { ScaledObject, TriggerAuthentication } from '@capstan/resources';
import { conditionOf, desiredOf } from '@capstan/runtime';
import { applyManifests, openWorld, readManifests, untilServed, type Wanted, type World } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { PrismPattern } from '../api/v1beta1/prism-pattern.ts';
import { prismController } from '../controller.ts';
import { patternController } from './controller.ts';
import { kedaObjects } from './scaling/keda.ts';

/** Patterns count as available after 15 seconds, and a step waits for the one before. */
const patiently = { timeout: 90_000 } as const;
const nobody = { ask: () => Promise.reject(new Error('there is nobody')) };
const kedaDefinitions = fileURLToPath(new URL('../../../../test/third-party/keda', import.meta.url));
const sampleFile = fileURLToPath(new URL('../../../../deploy/samples/prism/prism-pattern.yaml', import.meta.url));

// One of its own: KEDA is installed into it half way, and that would be seen by every other test.
let plane: ControlPlane;
beforeAll(async () => {
  plane = await startControlPlane({ nodes: 'kwok', audit: true });
});
afterAll(() => plane.stop());

const openPatterns = () =>
  openWorld({ controllers: [prismController({ adminMetrics: nobody }), patternController()], name: 'patterns', plane });

const cluster: Wanted<typeof PrismCluster> = {
  metadata: { name: 'prism' },
  spec: { backends: { redis: {}, nats: {} }, patterns: [{ name: 'consumer', backends: ['nats'] }] },
};

async function runnerOf(world: World, pattern: string): Promise<Deployment | undefined> {
  const component = `${pattern}-runner`;
  const found = await world.list(Deployment);
  return found.find(({ metadata }) => metadata.labels?.['app.kubernetes.io/component'] === component);
}

async function told(world: World, name: string, type: string): Promise<string> {
  const found = conditionOf((await world.get(PrismPattern, name))?.status?.conditions, type);
  return `${found?.status} ${found?.reason}: ${found?.message}`;
}

/** How many autoscalers there are of each kind. */
async function scalers(world: World, isKedaInstalled = true) {
  const hpas = (await world.list(HorizontalPodAutoscaler)).filter(
    ({ metadata }) => metadata.labels?.['prism.io/part'] === 'pattern',
  );
  return { hpa: hpas.length, keda: isKedaInstalled ? (await world.list(ScaledObject)).length : 0 };
}

const untilReady = (world: World, name: string) => world.untilCondition(PrismPattern, name, 'Ready', 'True', patiently);

async function installKeda(world: World): Promise<void> {
  await applyManifests(world.admin, await readManifests(kedaDefinitions), 'a-platform');
  const scaleTargetRef = { name: 'probe' };
  const sample = {
    ...{ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata: { name: 'probe', namespace: 'default' } },
    spec: { scaleTargetRef, triggers: [{ type: 'cpu', metadata: { value: '1' } }] },
  };
  await untilServed(world.admin, ScaledObject, sample, AbortSignal.timeout(30_000));
}

const redisTriggers = [{ type: 'redis', metadata: { listName: 'work' } }];

describe('a pattern that is a resource', () => {
  it('waits for a cluster, runs in it as its own patterns do, and goes when it is deleted', async () => {
    await using world = await openPatterns();
    const [shipped] = (await readManifests(sampleFile)) as unknown as readonly Wanted<typeof PrismPattern>[]; // its shape is tried here
    if (shipped === undefined) throw new Error('the sample is empty');
    const name = shipped.metadata.name ?? '';
    await world.apply(PrismPattern, { metadata: { name }, spec: shipped.spec });
    await world.untilCondition(PrismPattern, name, 'ClusterFound', 'False');
    expect(await told(world, name, 'Stalled')).toContain('True NoClusterInNamespace: ');

    await world.apply(PrismCluster, cluster);
    await untilReady(world, name);
    const runner = await runnerOf(world, name);
    expect(runner?.spec?.replicas).toBe(2);
    expect(runner?.metadata.ownerReferences?.map(({ kind }) => kind)).toEqual(['PrismCluster']);
    const [hpa] = (await world.list(HorizontalPodAutoscaler)).filter(
      ({ metadata }) => metadata.name !== 'prism-prism-proxy',
    );
    expect(hpa?.spec).toMatchObject({
      ...{ minReplicas: 2, maxReplicas: 20 },
      scaleTargetRef: { kind: 'Deployment', name: runner?.metadata.name },
      metrics: [{ resource: { name: 'memory', target: { averageUtilization: 80 } } }],
    });
    const file = (await world.get(Secret, `${runner?.metadata.name}-config`))?.data?.['config.yaml'] ?? '';
    expect(Buffer.from(file, 'base64').toString()).toContain('pool_size: 1000');
    expect(await told(world, name, 'BackendConfigApplied')).toContain(
      'False NotApplied: spec.backends[redis].config.evictionPolicy',
    );
    const status = (await world.get(PrismCluster, 'prism'))?.status;
    expect(status?.patternStatus?.map((each) => each.name)).toEqual(['consumer-runner', `${name}-runner`]);

    await world.delete(PrismPattern, name);
    await world.eventually(async () => {
      expect(await runnerOf(world, name)).toBeUndefined();
      expect(await scalers(world, false)).toEqual({ hpa: 0, keda: 0 });
    }, patiently);
    expect(await runnerOf(world, 'consumer')).toBeDefined();
    expect((await world.permissions()).forbidden).toEqual([]);
  }, 240_000);

  it('that is refused later keeps what runs, and holds its cluster in nothing', async () => {
    await using world = await openPatterns();
    await world.apply(PrismCluster, cluster);
    await world.apply(PrismPattern, {
      metadata: { name: 'cache' },
      spec: { type: 'keyvalue', backends: [{ name: 'redis' }] },
    });
    await untilReady(world, 'cache');
    const before = await runnerOf(world, 'cache');
    await world.edit(PrismPattern, 'cache', { spec: { backends: [{ name: 'mysql' }] } });
    await world.untilCondition(PrismPattern, 'cache', 'Accepted', 'False', patiently);
    await world.edit(PrismCluster, 'prism', { spec: { proxy: { replicas: 2 } } });
    await world.eventually(async () => {
      const found = await world.get(PrismCluster, 'prism');
      expect(found?.status).toMatchObject({ phase: 'Running', observedGeneration: found?.metadata.generation });
    }, patiently);
    const after = await runnerOf(world, 'cache');
    expect([after?.metadata.uid, after?.metadata.generation]).toEqual([
      before?.metadata.uid,
      before?.metadata.generation,
    ]);
    expect((await world.get(PrismPattern, 'cache'))?.status?.phase).toBe('Degraded');

    await world.apply(PrismPattern, { metadata: { name: 'consumer' }, spec: { type: 'keyvalue' } });
    await world.untilCondition(PrismPattern, 'consumer', 'Accepted', 'False', patiently);
    expect(await told(world, 'consumer', 'Accepted')).toContain('False NameConflict: ');
    await world.edit(PrismPattern, 'cache', { spec: { backends: [{ name: 'redis' }] } });
    await untilReady(world, 'cache');
    expect((await runnerOf(world, 'cache'))?.metadata.uid).toBe(before?.metadata.uid);
  }, 240_000);
});

describe('the autoscaler of a pattern', () => {
  it('is KEDA’s once KEDA is there, and another one only when the former is gone', async () => {
    await using world = await openPatterns();
    await world.apply(PrismCluster, cluster);
    const backends = [{ name: 'redis' }];
    const autoscaling = { minReplicas: 1, maxReplicas: 4 };
    await world.apply(PrismPattern, { metadata: { name: 'cache' }, spec: { type: 'keyvalue', backends, autoscaling } });
    await untilReady(world, 'cache');
    await world.eventually(async () => expect(await scalers(world, false)).toEqual({ hpa: 1, keda: 0 }));

    await world.edit(PrismPattern, 'cache', { spec: { autoscaling: { triggers: redisTriggers } } });
    await world.eventually(async () =>
      expect(await told(world, 'cache', 'AutoscalerReady')).toContain('False KedaNotInstalled: '),
    );
    expect(await scalers(world, false)).toEqual({ hpa: 1, keda: 0 });

    const start = world.audit.position();
    await installKeda(world);
    await world.eventually(async () => expect(await scalers(world)).toEqual({ hpa: 0, keda: 1 }), patiently);
    const order = world
      .writes(start)
      .filter(({ resource }) => ['horizontalpodautoscalers', 'scaledobjects'].includes(resource))
      .map(({ verb, resource }) => `${verb} ${resource}`);
    expect(order).toEqual(['delete horizontalpodautoscalers', 'patch scaledobjects']);
    await expectAsWanted(world);

    // KEDA would hold it until it has let go of the workload.
    const [made] = await world.list(ScaledObject);
    const scaledObject = made?.metadata.name ?? '';
    await world.edit(ScaledObject, scaledObject, { metadata: { finalizers: ['finalizer.keda.sh/test'] } });
    await world.edit(PrismPattern, 'cache', { spec: { autoscaling: { triggers: null, scaler: 'hpa' } } });
    await world.eventually(async () =>
      expect(await told(world, 'cache', 'AutoscalerReady')).toContain('It is held by finalizer.keda.sh/test.'),
    );
    await world.restartOperator();
    await world.settled();
    expect(await scalers(world)).toEqual({ hpa: 0, keda: 1 });
    await world.edit(ScaledObject, scaledObject, { metadata: { finalizers: null } });
    await world.eventually(async () => expect(await scalers(world)).toEqual({ hpa: 1, keda: 0 }), patiently);

    await world.edit(PrismPattern, 'cache', { spec: { autoscaling: null } });
    await world.eventually(async () => {
      expect(await scalers(world)).toEqual({ hpa: 0, keda: 0 });
      expect((await runnerOf(world, 'cache'))?.metadata.annotations).not.toHaveProperty('prism.io/autoscaled');
    }, patiently);
    expect((await world.list(TriggerAuthentication)).length).toBe(0);
    expect((await world.permissions()).forbidden).toEqual([]);
  }, 300_000);

  it('is none while somebody else scales its workload', async () => {
    await using world = await openPatterns();
    await world.apply(PrismCluster, cluster);
    await world.apply(PrismPattern, {
      metadata: { name: 'cache' },
      spec: { type: 'keyvalue', backends: [{ name: 'redis' }] },
    });
    await untilReady(world, 'cache');
    const name = (await runnerOf(world, 'cache'))?.metadata.name ?? '';
    const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name };
    await world.apply(HorizontalPodAutoscaler, {
      metadata: { name: 'mine' },
      spec: { scaleTargetRef, maxReplicas: 3 },
    });
    await world.edit(PrismPattern, 'cache', { spec: { autoscaling: {} } });
    await world.eventually(async () =>
      expect(await told(world, 'cache', 'AutoscalerReady')).toContain(
        'False AutoscalerForeign: HorizontalPodAutoscaler/mine',
      ),
    );
    expect(await scalers(world)).toEqual({ hpa: 0, keda: 0 });
    await world.delete(HorizontalPodAutoscaler, 'mine');
    await world.eventually(async () => expect(await scalers(world)).toEqual({ hpa: 1, keda: 0 }), patiently);
  }, 240_000);
});

/** What the server stored is what was wanted: KEDA's own schema has dropped nothing. */
async function expectAsWanted(world: World): Promise<void> {
  const [pattern, owner] = [await world.get(PrismPattern, 'cache'), await world.get(PrismCluster, 'prism')];
  if (pattern?.spec.autoscaling === undefined || owner === undefined) throw new Error('both were applied');
  const wanted = kedaObjects({ pattern, cluster: owner }, pattern.spec.autoscaling);
  const [scaledObject] = await world.list(ScaledObject);
  expect(scaledObject?.spec).toMatchObject({ ...wanted.scaledObject.spec });
  const [authentication] = await world.list(TriggerAuthentication);
  const kind = 'TriggerAuthentication';
  const body = wanted.surroundings.map(desiredOf).find((each) => each.kind === kind);
  expect(authentication).toMatchObject({ spec: (body as TriggerAuthentication | undefined)?.spec }); // of that very kind
}
