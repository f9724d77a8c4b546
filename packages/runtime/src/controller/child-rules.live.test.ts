import { customResource, type ResourceOf, Type } from '@capstan/crd';
import {
  ConfigMap,
  CustomResourceDefinition,
  createClient,
  Deployment,
  Event,
  HorizontalPodAutoscaler,
  Job,
  type KubeClient,
  type KubeObject,
  loadKubeConfig,
  Namespace,
  PersistentVolumeClaim,
  Pod,
  type ResourceType,
  Secret,
  Service,
  StatefulSet,
  StorageClass,
} from '@capstan/kube';
import { AuditLog, eventually, never, untilServed, writeVerbs } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { fieldOf } from '../engine/json-value.ts';
import { createLogger } from '../log.ts';
import { Manager } from '../manager.ts';
import { child } from './child.ts';
import { controller } from './controller.ts';
import type { Outcome } from './outcome.ts';
import type { Plan } from './plan.ts';
import { formerly, type OwnedKind, owned, ownedWithStatus } from './reconciler.ts';

/** A kind whose plan each test writes down itself. */
const Scene = customResource({
  group: 'rules.capstan.dev',
  version: 'v1',
  kind: 'Scene',
  plural: 'scenes',
  description: 'Makes what a test says.',
  spec: Type.Object({ take: Type.Integer({ description: 'Another number, another plan.' }) }),
  status: Type.Object({}),
});
type Scene = ResourceOf<typeof Scene>;

const group = 'rules.capstan.dev';
const plans = new Map<string, Plan>();
const outcomes = new Map<string, Outcome>();

const scenes = controller<Scene>(Scene, {
  name: 'scene-operator',
  owns: [
    ...[ConfigMap, Secret, Service, Job, PersistentVolumeClaim].map((type) => owned(type as ResourceType)),
    ...[Deployment, StatefulSet].map((type) => ownedWithStatus(type as ResourceType)),
  ],
  reconcile: async (scene, pass) => {
    const outcome = await pass.apply(plans.get(scene.metadata.namespace ?? '') ?? { steps: [] });
    outcomes.set(scene.metadata.namespace ?? '', outcome);
    return pass.report({ status: {} });
  },
});

let client: KubeClient;
let take = 0;
const stop = new AbortController();
let ended: Promise<void> = Promise.resolve();

beforeAll(async () => {
  const connection = await loadKubeConfig({ path: inject('kubeconfig') });
  client = createClient(connection);
  await client.apply(CustomResourceDefinition, Scene.manifest(), { fieldManager: 'test', force: true });
  await untilServed(client, Scene, scene('default'), AbortSignal.timeout(30_000));
  const manager = new Manager({ connection, controllers: [scenes], log: createLogger({ level: 'error' }) });
  ended = manager.run(stop.signal);
});

afterAll(async () => {
  stop.abort();
  await ended;
  await client?.close();
});

function scene(namespace: string): Scene {
  take += 1;
  return { apiVersion: `${group}/v1`, kind: 'Scene', metadata: { namespace, name: 'scene' }, spec: { take } };
}

async function inNamespace(name: string): Promise<string> {
  const namespace = `rules-${name}`;
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } } as const;
  await client.apply(Namespace, object, { fieldManager: 'test' });
  return namespace;
}

/** Has the plan carried out from now on. */
async function want(namespace: string, ...objects: Plan['steps'][number]['objects']): Promise<void> {
  await wantPlan(namespace, { steps: [{ name: 'all', objects }] });
}

async function wantPlan(namespace: string, plan: Plan): Promise<void> {
  plans.set(namespace, plan);
  await client.apply(Scene, scene(namespace), { fieldManager: 'a-user', force: true });
}

function outcomeIn(namespace: string): Outcome | undefined {
  return outcomes.get(namespace);
}

async function eventsIn(
  namespace: string,
): Promise<readonly { reason: string | undefined; note: string | undefined }[]> {
  const { items } = await client.list(Event, { namespace });
  return items.map(({ reason, note }) => ({ reason, note }));
}

async function mustGet<T extends KubeObject>(type: ResourceType<T>, namespace: string, name: string): Promise<T> {
  const found = await client.get(type, { namespace, name });
  if (found === undefined) throw new Error(`${type.kind} ${namespace}/${name} is not there`);
  return found;
}

const text = (name: string, data: Readonly<Record<string, string>>): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

const pods = (app: string, version = '1') => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'main', image: `registry.test/main:${version}` }], terminationGracePeriodSeconds: 0 },
});

const deployment = (spec: object = {}): KubeObject => {
  const body = { replicas: 1, selector: { matchLabels: { app: 'web' } }, template: pods('web'), ...spec };
  const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: body };
  return object;
};

const statefulSet = (name: string, spec: object = {}): KubeObject => {
  const selector = { matchLabels: { app: name } };
  const body = {
    replicas: 2,
    serviceName: 'a',
    selector,
    template: pods(name),
    podManagementPolicy: 'Parallel',
    ...spec,
  };
  const object = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name }, spec: body };
  return object;
};

const claimTemplate = (storage: string, storageClassName: string) => ({
  volumeClaimTemplates: [
    {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage } } },
    },
  ],
});

async function readyPods(namespace: string, app: string, count: number): Promise<readonly (string | undefined)[]> {
  return eventually(
    async () => {
      const { items } = await client.list(Pod, { namespace, labelSelector: `app=${app}` });
      const ready = items.filter(({ status }) =>
        status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True'),
      );
      expect(ready).toHaveLength(count);
      return ready.map(({ metadata }) => metadata.uid).toSorted();
    },
    { timeout: 30_000 },
  );
}

describe('an object that was there before', () => {
  it('is refused with the command that hands it over, and taken over once that is given', async () => {
    const namespace = await inNamespace('adoption');
    await client.create(ConfigMap, {
      ...text('one', { theirs: 'kept', ours: 'old' }),
      metadata: { namespace, name: 'one' },
    });
    await want(namespace, text('one', { ours: 'new' }));
    const command = `kubectl annotate configmaps one -n ${namespace} ${group}/adopt=scene`;
    await eventually(async () => {
      const refusals = (await eventsIn(namespace)).filter(({ reason }) => reason === 'ConflictingOwner');
      expect(refusals.map(({ note }) => note)).toEqual([expect.stringContaining(command)]);
    });
    expect((await mustGet(ConfigMap, namespace, 'one')).data).toEqual({ theirs: 'kept', ours: 'old' });
    const annotations = { [`${group}/adopt`]: 'scene' };
    await client.patch(ConfigMap, { namespace, name: 'one' }, { kind: 'merge', body: { metadata: { annotations } } });
    await eventually(async () => {
      const adopted = await mustGet(ConfigMap, namespace, 'one');
      expect(adopted.data).toEqual({ theirs: 'kept', ours: 'new' });
      expect(adopted.metadata.ownerReferences?.map(({ kind }) => kind)).toEqual(['Scene']);
      // Whoever put it there may be a tool that puts it there again.
      expect(adopted.metadata.annotations?.[`${group}/adopt`]).toBe('scene');
    });
    await eventually(async () => expect((await eventsIn(namespace)).map(({ reason }) => reason)).toContain('Adopted'));
  });

  it('is not taken over for a resource of another name', async () => {
    const namespace = await inNamespace('adoption-other');
    const metadata = { namespace, name: 'one', annotations: { [`${group}/adopt`]: 'another' } };
    await client.create(ConfigMap, { ...text('one', { theirs: 'kept' }), metadata });
    await want(namespace, text('one', { ours: 'new' }));
    await eventually(() => expect(outcomeIn(namespace)?.failures).toMatchObject([{ reason: 'ConflictingOwner' }]));
    expect((await mustGet(ConfigMap, namespace, 'one')).data).toEqual({ theirs: 'kept' });
  });
});

describe('an object that was there before and that the resource names to be taken over', () => {
  const named = (data: Record<string, string>) => child(text('one', data), { adopt: true });

  it('is taken over as it is, but for what the body says of it', async () => {
    const namespace = await inNamespace('adoption-named');
    await client.create(ConfigMap, {
      ...text('one', { theirs: 'kept', ours: 'old' }),
      metadata: { namespace, name: 'one' },
    });
    await want(namespace, named({ ours: 'new' }));
    await eventually(async () => {
      const adopted = await mustGet(ConfigMap, namespace, 'one');
      expect(adopted.data).toEqual({ theirs: 'kept', ours: 'new' });
      expect(adopted.metadata.ownerReferences?.map(({ kind }) => kind)).toEqual(['Scene']);
    });
    await eventually(async () => {
      const adopted = (await eventsIn(namespace)).filter(({ reason }) => reason === 'Adopted');
      expect(adopted.map(({ note }) => note)).toEqual([expect.stringContaining('as Scene/scene says')]);
    });
  });

  it.each([
    { holder: 'a Helm release', place: 'helm' },
    { holder: 'another controller', place: 'controlled' },
  ])('is left alone while $holder has it, and taken over as soon as that lets go', async ({ place }) => {
    const namespace = await inNamespace(`adoption-${place}`);
    const { uid = '' } = (
      await client.create(ConfigMap, { ...text('holder', {}), metadata: { namespace, name: 'holder' } })
    ).metadata;
    const held =
      place === 'helm'
        ? { annotations: { 'meta.helm.sh/release-name': 'shop' } }
        : { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'holder', uid, controller: true }] };
    await client.create(ConfigMap, { ...text('one', { ours: 'old' }), metadata: { namespace, name: 'one', ...held } });
    await want(namespace, named({ ours: 'new' }));
    await eventually(() => expect(outcomeIn(namespace)?.failures).toMatchObject([{ reason: 'ConflictingOwner' }]));
    expect((await mustGet(ConfigMap, namespace, 'one')).data).toEqual({ ours: 'old' });
    const metadata = { annotations: null, ownerReferences: null };
    await client.patch(ConfigMap, { namespace, name: 'one' }, { kind: 'merge', body: { metadata } });
    await eventually(async () => expect((await mustGet(ConfigMap, namespace, 'one')).data).toEqual({ ours: 'new' }));
  });
});

describe('a change that the server allows nobody', () => {
  it('is refused with the field and the remedy, unless the plan says otherwise', async () => {
    const namespace = await inNamespace('immutable');
    await want(namespace, statefulSet('db'));
    const before = await eventually(() => mustGet(StatefulSet, namespace, 'db'));
    await want(namespace, statefulSet('db', { serviceName: 'b', template: pods('db', '2') }));
    await eventually(() =>
      expect(outcomeIn(namespace)?.failures).toEqual([
        {
          child: 'StatefulSet/db',
          terminal: true,
          reason: 'ImmutableField',
          message:
            `StatefulSet ${namespace}/db: .spec.serviceName cannot be changed once the object exists. Set it back, or delete ` +
            `the object to have it made anew: kubectl delete statefulsets.apps db -n ${namespace} --cascade=orphan`,
        },
      ]),
    );
    expect((await mustGet(StatefulSet, namespace, 'db')).metadata.uid).toBe(before.metadata.uid);
  });

  it('makes the child anew with what it owns, where the plan says so', async () => {
    const namespace = await inNamespace('recreate');
    const job = (version: string) => {
      const template = { spec: { ...pods('work', version).spec, restartPolicy: 'Never' } };
      const object = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'work' }, spec: { template } };
      return child(object, { onImmutable: 'recreate' });
    };
    await want(namespace, job('1'));
    const before = await eventually(() => mustGet(Job, namespace, 'work'));
    await want(namespace, job('2'));
    await eventually(async () => {
      const after = await mustGet(Job, namespace, 'work');
      expect(after.spec?.template.spec?.containers.map(({ image }) => image)).toEqual(['registry.test/main:2']);
      expect(after.metadata.uid).not.toBe(before.metadata.uid);
    });
    await eventually(() =>
      expect(outcomeIn(namespace)?.children.map(({ action }) => action)).not.toContain('Recreating'),
    );
    await eventually(async () =>
      expect((await eventsIn(namespace)).map(({ reason }) => reason)).toContain('Recreating'),
    );
  });

  it('never deletes what the server would not take anew', async () => {
    const namespace = await inNamespace('recreate-bad');
    const set = (spec: object) => child(statefulSet('db', spec), { onImmutable: 'recreate' });
    await want(namespace, set({}));
    const before = await eventually(() => mustGet(StatefulSet, namespace, 'db'));
    await want(namespace, set({ serviceName: 'b', updateStrategy: { type: 'NoSuchThing' } }));
    await eventually(() => expect(outcomeIn(namespace)?.failures).toMatchObject([{ reason: 'Invalid' }]));
    expect((await mustGet(StatefulSet, namespace, 'db')).metadata.uid).toBe(before.metadata.uid);
  });

  it('never deletes what holds data, also where the rules were not written with child()', async () => {
    const namespace = await inNamespace('claim-anew');
    const claim = (storageClassName: string) => {
      const spec = { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage: '1Gi' } } };
      const object = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec };
      return { object, retain: false, onImmutable: 'recreate' } as const;
    };
    await want(namespace, claim('first'));
    const before = await eventually(() => mustGet(PersistentVolumeClaim, namespace, 'data'));
    await want(namespace, claim('second'));
    await eventually(() => expect(outcomeIn(namespace)?.failures).toMatchObject([{ reason: 'ImmutableField' }]));
    const after = await mustGet(PersistentVolumeClaim, namespace, 'data');
    expect([after.metadata.uid, after.metadata.deletionTimestamp]).toEqual([before.metadata.uid, undefined]);
  });

  it('makes StatefulSets anew around their pods, one after the other', async () => {
    const namespace = await inNamespace('orphan');
    const set = (name: string, serviceName: string) =>
      child(statefulSet(name, { serviceName }), { onImmutable: 'orphanAndRecreate' });
    await want(namespace, set('first', 'a'), set('second', 'a'));
    const uids = [await readyPods(namespace, 'first', 2), await readyPods(namespace, 'second', 2)];
    const audit = new AuditLog(inject('auditLog'));
    const start = audit.position();
    await want(namespace, set('first', 'b'), set('second', 'b'));
    await eventually(
      async () => {
        for (const name of ['first', 'second'])
          expect((await mustGet(StatefulSet, namespace, name)).spec?.serviceName).toBe('b');
      },
      { timeout: 30_000 },
    );
    expect([await readyPods(namespace, 'first', 2), await readyPods(namespace, 'second', 2)]).toEqual(uids);
    const steps = audit
      .since(start, { namespace, resource: 'statefulsets', verbs: ['delete', 'patch'] })
      .filter(
        ({ code, user, subresource, uri }) =>
          code < 300 && subresource === '' && !/kube-system|system:kube/.test(user) && !uri.includes('dryRun'),
      )
      .map(({ verb, name }) => `${verb} ${name}`);
    const [one, two] = steps[0] === 'delete first' ? ['first', 'second'] : ['second', 'first'];
    expect(steps).toEqual([`delete ${one}`, `patch ${one}`, `delete ${two}`, `patch ${two}`]);
  });
});

describe('another selector', () => {
  it('is refused where pods would be left that nobody owns', async () => {
    const namespace = await inNamespace('selector');
    const rules = { onImmutable: 'orphanAndRecreate' } as const;
    await want(namespace, child(statefulSet('db'), rules));
    const before = await eventually(() => mustGet(StatefulSet, namespace, 'db'));
    const relabelled = { selector: { matchLabels: { app: 'other' } }, template: pods('other') };
    await want(namespace, child(statefulSet('db', relabelled), rules));
    await eventually(() =>
      expect(outcomeIn(namespace)?.failures).toMatchObject([
        { reason: 'ImmutableField', message: expect.stringContaining('nobody would own them') },
      ]),
    );
    expect((await mustGet(StatefulSet, namespace, 'db')).metadata.uid).toBe(before.metadata.uid);
  });
});

describe('claim templates that ask for more', () => {
  async function aStorageClass(name: string, allowVolumeExpansion: boolean): Promise<string> {
    const object = {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name },
      provisioner: 'kubernetes.io/host-path',
      allowVolumeExpansion,
    } as const;
    await client.apply(StorageClass, object, { fieldManager: 'test' });
    return name;
  }

  async function sizesIn(namespace: string): Promise<readonly (string | number | undefined)[]> {
    const { items } = await client.list(PersistentVolumeClaim, { namespace });
    return items.map(({ spec }) => spec?.resources?.requests?.['storage']);
  }

  const growing = (storage: string, storageClass: string) =>
    child(statefulSet('db', claimTemplate(storage, storageClass)), { growClaims: true });

  it('grow the volumes that are there, and no pod restarts', async () => {
    const namespace = await inNamespace('growth');
    const storageClass = await aStorageClass('rules-expandable', true);
    await want(namespace, growing('1Gi', storageClass));
    const uids = await readyPods(namespace, 'db', 2);
    const before = await mustGet(StatefulSet, namespace, 'db');
    // As one that an earlier StatefulSet of the name has left: pods take it by its name.
    const unlabelled = { kind: 'merge', body: { metadata: { labels: null } } } as const;
    await client.patch(PersistentVolumeClaim, { namespace, name: 'data-db-0' }, unlabelled);
    await want(namespace, growing('2Gi', storageClass));
    await eventually(async () => expect(await sizesIn(namespace)).toEqual(['2Gi', '2Gi']));
    await eventually(async () => {
      const after = await mustGet(StatefulSet, namespace, 'db');
      const [template] = after.spec?.volumeClaimTemplates ?? [];
      expect(template?.spec?.resources?.requests?.['storage']).toBe('2Gi');
      expect(after.metadata.uid).not.toBe(before.metadata.uid);
      expect(after.status?.readyReplicas).toBe(2);
    });
    expect(await readyPods(namespace, 'db', 2)).toEqual(uids);
  });

  it('are refused where they ask for less, and where the StorageClass does not allow it; nothing is touched', async () => {
    const namespace = await inNamespace('no-growth');
    const storageClass = await aStorageClass('rules-rigid', false);
    await want(namespace, growing('1Gi', storageClass));
    await readyPods(namespace, 'db', 2);
    const before = await mustGet(StatefulSet, namespace, 'db');
    await want(namespace, growing('512Mi', storageClass));
    await eventually(() =>
      expect(outcomeIn(namespace)?.failures).toMatchObject([
        {
          reason: 'VolumeShrinkRefused',
          message:
            'StatefulSet/db: volumes never shrink: .spec.volumeClaimTemplates[name=data] asks for 512Mi and its volumes ' +
            'have 1Gi. Set the size back',
        },
      ]),
    );
    await want(namespace, growing('2Gi', storageClass));
    await eventually(() =>
      expect(outcomeIn(namespace)?.failures).toMatchObject([
        {
          reason: 'VolumeGrowthRefused',
          message: expect.stringContaining('StorageClass/rules-rigid does not say allowVolumeExpansion: true'),
        },
      ]),
    );
    expect(await sizesIn(namespace)).toEqual(['1Gi', '1Gi']);
    expect((await mustGet(StatefulSet, namespace, 'db')).metadata.uid).toBe(before.metadata.uid);
    await want(namespace, growing('1Gi', storageClass));
    await eventually(() => expect(outcomeIn(namespace)?.failures).toEqual([]));
  });
});

describe('replicas that an autoscaler decides about', () => {
  const scaler = (namespace: string): HorizontalPodAutoscaler => ({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { namespace, name: 'web' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 3,
      maxReplicas: 5,
    },
  });
  const replicasIn = async (namespace: string) => (await mustGet(Deployment, namespace, 'web')).spec?.replicas;
  const ours = (app: string) =>
    child(deployment({ selector: { matchLabels: { app } }, template: pods(app) }), {
      ...{ onImmutable: 'recreate', replicas: 'Ours' },
    });
  /** The controller of autoscalers writes by this name. */
  const asAutoscaler = { fieldManager: 'kube-controller-manager' };

  it('are left alone, also when the plan changes, until the autoscaler is gone', async () => {
    const namespace = await inNamespace('autoscaler');
    await want(namespace, deployment());
    await eventually(async () => expect(await replicasIn(namespace)).toBe(1));
    await client.create(HorizontalPodAutoscaler, scaler(namespace));
    await eventually(async () => expect(await replicasIn(namespace)).toBe(3), { timeout: 45_000 });
    await eventually(() =>
      expect(outcomeIn(namespace)?.children).toEqual([
        { child: 'Deployment/web', action: 'Unchanged', replicasOwnedBy: 'HorizontalPodAutoscaler' },
      ]),
    );
    await eventually(async () => {
      const told = (await eventsIn(namespace)).filter(({ reason }) => reason === 'ReplicasLeftToAutoscaler');
      expect(told).toHaveLength(1);
    });
    await want(namespace, deployment({ replicas: 2, template: pods('web', '2') }));
    await eventually(async () => {
      const { spec } = await mustGet(Deployment, namespace, 'web');
      expect(spec?.template.spec?.containers.map(({ image }) => image)).toEqual(['registry.test/main:2']);
      expect(spec?.replicas).toBe(3);
    });
    await client.delete(HorizontalPodAutoscaler, { namespace, name: 'web' });
    await want(namespace, deployment({ replicas: 1, template: pods('web', '2') }));
    await eventually(async () => expect(await replicasIn(namespace)).toBe(1));
  });

  it('stay as they are when the child is made anew', async () => {
    const namespace = await inNamespace('autoscaler-anew');
    const labelled = (app: string) =>
      child(deployment({ selector: { matchLabels: { app } }, template: pods(app) }), { onImmutable: 'recreate' });
    await want(namespace, labelled('web'));
    await eventually(async () => expect(await replicasIn(namespace)).toBe(1));
    await client.create(HorizontalPodAutoscaler, scaler(namespace));
    await eventually(async () => expect(await replicasIn(namespace)).toBe(3), { timeout: 45_000 });
    await want(namespace, labelled('other'));
    const anew = await eventually(
      async () => {
        const found = await mustGet(Deployment, namespace, 'web');
        expect(found.spec?.selector.matchLabels).toEqual({ app: 'other' });
        return found;
      },
      { timeout: 30_000 },
    );
    // Of the first generation: made so, and not scaled again.
    expect(anew).toMatchObject({ metadata: { generation: 1 }, spec: { replicas: 3 } });
    await want(namespace, labelled('other'), text('one', {}));
    await eventually(async () => expect((await mustGet(ConfigMap, namespace, 'one')).data).toBeUndefined());
    expect(await replicasIn(namespace)).toBe(3);
  });

  it('are put back where the child says that its own number counts', async () => {
    const namespace = await inNamespace('autoscaler-ours');
    await want(namespace, ours('web'));
    await eventually(async () => expect(await replicasIn(namespace)).toBe(1));
    const { metadata } = await mustGet(Deployment, namespace, 'web');
    await client.setScale(Deployment as ResourceType, { namespace, name: 'web' }, 4, asAutoscaler);
    await eventually(async () => {
      const found = await mustGet(Deployment, namespace, 'web');
      expect(found.spec?.replicas).toBe(1);
      // Scaled and put back, and not just as it was.
      expect(found.metadata.generation).toBeGreaterThanOrEqual((metadata.generation ?? 0) + 2);
    });
    await eventually(() => expect(outcomeIn(namespace)?.children[0]).not.toHaveProperty('replicasOwnedBy'));
    expect((await eventsIn(namespace)).map(({ reason }) => reason)).not.toContain('ReplicasLeftToAutoscaler');
  });

  it('are those of the plan when such a child is made anew', async () => {
    const namespace = await inNamespace('autoscaler-ours-anew');
    await want(namespace, ours('web'));
    await eventually(async () => expect(await replicasIn(namespace)).toBe(1));
    // Nobody puts the number back before the child is made anew.
    await wantPlan(namespace, { steps: [], retained: ({ metadata }) => metadata.name === 'web' });
    await client.setScale(Deployment as ResourceType, { namespace, name: 'web' }, 4, asAutoscaler);
    await want(namespace, ours('other'));
    const anew = await eventually(
      async () => {
        const found = await mustGet(Deployment, namespace, 'web');
        expect(found.spec?.selector.matchLabels).toEqual({ app: 'other' });
        return found;
      },
      { timeout: 30_000 },
    );
    expect(anew).toMatchObject({ metadata: { generation: 1 }, spec: { replicas: 1 } });
  });

  it('are put right when a person changes them', async () => {
    const namespace = await inNamespace('person');
    await want(namespace, deployment());
    await eventually(async () => expect(await replicasIn(namespace)).toBe(1));
    await client.setScale(Deployment as ResourceType, { namespace, name: 'web' }, 4, { fieldManager: 'kubectl' });
    await eventually(async () => expect(await replicasIn(namespace)).toBe(1));
  });
});

describe('a step that is never ready', () => {
  it('is reported when its time is over, by one event, and a new plan still replaces it', async () => {
    const namespace = await inNamespace('timeout');
    const stuck = (value: string): Plan => ({
      steps: [
        {
          name: 'first',
          objects: [text('one', { value })],
          waitingFor: () => (value === 'bad' ? { reason: 'NeverReady', message: 'it will not start' } : undefined),
          timeoutMs: 300,
        },
        { name: 'second', objects: [text('two', { value })] },
      ],
    });
    await wantPlan(namespace, stuck('bad'));
    await eventually(() =>
      expect(outcomeIn(namespace)?.waiting).toMatchObject({ step: 'first', reason: 'NeverReady', timedOut: true }),
    );
    await eventually(async () => {
      const told = (await eventsIn(namespace)).filter(({ reason }) => reason === 'StepTimedOut');
      expect(told.map(({ note }) => note)).toEqual([
        expect.stringMatching(/^step "first" has been waiting since \d{4}-.*Z: it will not start$/),
      ]);
    });
    await wantPlan(namespace, stuck('good'));
    await eventually(async () => expect((await mustGet(ConfigMap, namespace, 'two')).data).toEqual({ value: 'good' }));
    expect(outcomeIn(namespace)?.waiting).toBeUndefined();
  });
});

describe('what is to be retained', () => {
  const credentials = child(
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'root' }, stringData: { password: 'hunter2' } } as KubeObject,
    { retain: true },
  );

  it('stays when the plan no longer names it and when the resource goes, and is taken up by the next of that name', async () => {
    const namespace = await inNamespace('retained');
    await want(namespace, credentials, text('one', {}));
    const made = await eventually(() => mustGet(Secret, namespace, 'root'));
    expect(made.metadata.ownerReferences).toBeUndefined();
    await want(namespace);
    await eventually(async () => expect(await client.get(ConfigMap, { namespace, name: 'one' })).toBeUndefined());
    expect((await mustGet(Secret, namespace, 'root')).metadata.uid).toBe(made.metadata.uid);
    await client.delete(Scene, { namespace, name: 'scene' });
    await want(namespace, credentials);
    await eventually(() =>
      expect(outcomeIn(namespace)?.children).toMatchObject([{ child: 'Secret/root', action: 'Unchanged' }]),
    );
    expect((await mustGet(Secret, namespace, 'root')).metadata.uid).toBe(made.metadata.uid);
  });

  it('is put right when somebody changes it, and made again when somebody deletes it', async () => {
    const namespace = await inNamespace('retained-drift');
    await want(namespace, credentials);
    await eventually(() => mustGet(Secret, namespace, 'root'));
    const at = { namespace, name: 'root' };
    await client.patch(Secret, at, { kind: 'merge', body: { data: { password: 'b2xk' } } });
    await eventually(async () =>
      expect((await mustGet(Secret, namespace, 'root')).data).toEqual({ password: 'aHVudGVyMg==' }),
    );
    await client.delete(Secret, at);
    await eventually(async () =>
      expect((await mustGet(Secret, namespace, 'root')).data).toEqual({ password: 'aHVudGVyMg==' }),
    );
  });

  it('is what the plan picks besides, without being made so', async () => {
    const namespace = await inNamespace('retained-plan');
    await want(namespace, text('kept', {}), text('gone', {}));
    await eventually(() => mustGet(ConfigMap, namespace, 'gone'));
    await wantPlan(namespace, { steps: [], retained: ({ metadata }) => metadata.name === 'kept' });
    await eventually(async () => expect(await client.get(ConfigMap, { namespace, name: 'gone' })).toBeUndefined());
    await eventually(() =>
      expect(outcomeIn(namespace)?.children).toEqual([{ child: 'ConfigMap/kept', action: 'Retained' }]),
    );
    await want(namespace);
    await eventually(async () => expect(await client.get(ConfigMap, { namespace, name: 'kept' })).toBeUndefined());
  });
});

describe('somebody who keeps undoing', () => {
  it('what nobody has afterwards is stood back from, as far as it is known', async () => {
    const namespace = await inNamespace('unknown-taker');
    const labelled = { ...text('one', {}), metadata: { name: 'one', labels: { app: 'a' } } };
    await want(namespace, labelled);
    const labelOf = async () => (await mustGet(ConfigMap, namespace, 'one')).metadata.labels?.['app'];
    for (let round = 0; round < 4; round += 1) {
      await eventually(async () => expect(await labelOf()).toBe('a'));
      await client.patch(
        ConfigMap,
        { namespace, name: 'one' },
        { kind: 'merge', body: { metadata: { labels: null } } },
      );
    }
    await eventually(() =>
      expect(outcomeIn(namespace)?.contests).toMatchObject([
        { child: 'ConfigMap/one', path: expect.stringContaining('.metadata.labels'), manager: 'an unknown manager' },
      ]),
    );
    expect(await labelOf()).toBeUndefined();
  });

  it('the child as a whole is stood back from', async () => {
    const namespace = await inNamespace('deleter');
    await want(namespace, text('one', {}));
    for (let round = 0; round < 4; round += 1) {
      await eventually(() => mustGet(ConfigMap, namespace, 'one'));
      await client.delete(ConfigMap, { namespace, name: 'one' });
    }
    await eventually(async () => {
      const told = (await eventsIn(namespace)).filter(({ reason }) => reason === 'FieldContested');
      expect(told.map(({ note }) => note)).toEqual(['an unknown manager keeps deleting ConfigMap/one; standing back']);
    });
    expect(await client.get(ConfigMap, { namespace, name: 'one' })).toBeUndefined();
  });

  it('under our own name, as another version of the operator does, ends in a contest and not in a loop', async () => {
    const namespace = await inNamespace('rival');
    await want(namespace, text('one', { version: '1' }));
    await eventually(() => mustGet(ConfigMap, namespace, 'one'));
    const audit = new AuditLog(inject('auditLog'));
    const start = audit.position();
    const rival = async (): Promise<boolean> => {
      const { metadata, data } = await mustGet(ConfigMap, namespace, 'one');
      if (data?.['version'] === '2') return false;
      const { ownerReferences = [], annotations = {} } = metadata;
      const sealed = { ...annotations, [`${group}/applied`]: '0123456789abcdef' };
      const body = {
        ...text('one', { version: '2' }),
        metadata: { namespace, name: 'one', ownerReferences, annotations: sealed },
      };
      await client.apply(ConfigMap, body, { fieldManager: 'scene-operator', force: true });
      return true;
    };
    for (let round = 0; round < 4; round += 1) await eventually(async () => expect(await rival()).toBe(true));
    await eventually(() =>
      expect(outcomeIn(namespace)?.contests).toMatchObject([
        { manager: 'another process that writes as scene-operator' },
      ]),
    );
    const writes = () => audit.since(start, { namespace, resource: 'configmaps', verbs: writeVerbs }).length;
    const before = writes();
    await never(() => expect(writes()).toBeGreaterThan(before), { during: 1_000 });
  });
});

describe('a list that is declared to be ours alone', () => {
  it('loses what others add, at once and when it is declared so later', async () => {
    const namespace = await inNamespace('exclusive');
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] },
    } as const;
    const debug = { kind: 'strategic' as const, body: { spec: { ports: [{ name: 'debug', port: 9999 }] } } };
    const addDebug = () => client.patch(Service, { namespace, name: 'web' }, debug, { fieldManager: 'somebody' });
    const portsIn = async () =>
      (await mustGet(Service, namespace, 'web')).spec?.ports?.map(({ name }) => name).toSorted();
    await want(namespace, service);
    await eventually(() => mustGet(Service, namespace, 'web'));
    await addDebug();
    expect(await portsIn()).toEqual(['debug', 'http']);
    await want(namespace, child(service, { exclusive: ['spec.ports'] }));
    await eventually(async () => expect(await portsIn()).toEqual(['http']));
    await addDebug();
    await eventually(async () => expect(await portsIn()).toEqual(['http']));
    await eventually(async () => {
      const told = (await eventsIn(namespace)).filter(({ reason }) => reason === 'DriftRepaired');
      expect(told.map(({ note }) => note)).toEqual([
        expect.stringContaining('.spec.ports[port=9999,protocol=TCP] (somebody)'),
      ]);
    });
    expect(fieldOf(outcomeIn(namespace), 'failures')).toEqual([]);
  });
});

describe('another process, with the code of a later version', () => {
  /** A kind of its own, so that the managers of two tests do not meet. */
  const Act = customResource({
    group: 'rules.capstan.dev',
    version: 'v1',
    kind: 'Act',
    plural: 'acts',
    description: 'Makes what a version of the code says.',
    spec: Type.Object({}),
    status: Type.Object({}),
  });
  type Act = ResourceOf<typeof Act>;

  async function running(
    owns: readonly OwnedKind[],
    plan: Plan,
    check: (seen: () => Outcome | undefined) => Promise<void>,
  ) {
    let outcome: Outcome | undefined;
    const acts = controller<Act>(Act, {
      name: 'act-operator',
      owns,
      reconcile: async (_act, pass) => {
        outcome = await pass.apply(plan);
        return pass.report({ status: {} });
      },
    });
    const connection = await loadKubeConfig({ path: inject('kubeconfig') });
    const end = new AbortController();
    const manager = new Manager({ connection, controllers: [acts], log: createLogger({ level: 'error' }) });
    const over = manager.run(end.signal);
    await check(() => outcome);
    end.abort();
    await over;
  }

  async function anAct(namespace: string): Promise<void> {
    await client.apply(CustomResourceDefinition, Act.manifest(), { fieldManager: 'test', force: true });
    const act: Act = { apiVersion: `${group}/v1`, kind: 'Act', metadata: { namespace, name: 'act' }, spec: {} };
    await untilServed(
      client,
      Act,
      { ...act, metadata: { ...act.metadata, namespace: 'default' } },
      AbortSignal.timeout(30_000),
    );
    await client.create(Act, act);
  }

  const planOf = (...objects: readonly KubeObject[]): Plan => ({ steps: [{ name: 'all', objects }] });
  const secret: KubeObject = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'old' } };

  it('prunes kinds that it names as former ones', async () => {
    const namespace = await inNamespace('former');
    await anAct(namespace);
    const config = text('new', {});
    await running([owned(ConfigMap), owned(Secret)], planOf(config, secret), async () => {
      await eventually(() => mustGet(Secret, namespace, 'old'));
    });
    await running([owned(ConfigMap), formerly(Secret)], planOf(config), async () => {
      await eventually(async () => expect(await client.get(Secret, { namespace, name: 'old' })).toBeUndefined());
    });
    expect((await mustGet(ConfigMap, namespace, 'new')).metadata.ownerReferences).toHaveLength(1);
    await client.delete(Act, { namespace, name: 'act' });
  });

  it('goes on where the one before ended between deleting a child and making it anew', async () => {
    const namespace = await inNamespace('interrupted');
    await anAct(namespace);
    const set = (serviceName: string) => planOf(statefulSet('db', { serviceName }));
    await running([ownedWithStatus(StatefulSet)], set('a'), async () => {
      await eventually(() => mustGet(StatefulSet, namespace, 'db'));
    });
    const uids = await readyPods(namespace, 'db', 2);
    await client.delete(StatefulSet, { namespace, name: 'db' }, { propagationPolicy: 'Orphan' });
    await eventually(async () => expect(await client.get(StatefulSet, { namespace, name: 'db' })).toBeUndefined());
    await running([ownedWithStatus(StatefulSet)], set('b'), async () => {
      await eventually(async () => expect((await mustGet(StatefulSet, namespace, 'db')).status?.readyReplicas).toBe(2));
    });
    expect((await mustGet(StatefulSet, namespace, 'db')).spec?.serviceName).toBe('b');
    expect(await readyPods(namespace, 'db', 2)).toEqual(uids);
    await client.delete(Act, { namespace, name: 'act' });
  });

  it('writes nothing for what an autoscaler has scaled and what is still waited for', async () => {
    const namespace = await inNamespace('restart');
    await anAct(namespace);
    const waiting: Plan = {
      steps: [
        {
          name: 'web',
          objects: [deployment()],
          waitingFor: () => ({ reason: 'NeverReady', message: 'never' }),
          timeoutMs: 60_000,
        },
      ],
    };
    const owns = [ownedWithStatus(Deployment)];
    const at = { namespace, name: 'web' };
    const left = { child: 'Deployment/web', action: 'Unchanged', replicasOwnedBy: 'HorizontalPodAutoscaler' };
    let since: string | undefined;
    await running(owns, waiting, async (seen) => {
      await eventually(() => mustGet(Deployment, namespace, 'web'));
      await client.setScale(Deployment, at, 3, { fieldManager: 'kube-controller-manager' });
      await eventually(() => expect(seen()?.children).toEqual([left]));
      since = seen()?.waiting?.since;
    });
    await readyPods(namespace, 'web', 3);
    const audit = new AuditLog(inject('auditLog'));
    const start = audit.position();
    await running(owns, waiting, async (seen) => {
      await eventually(() => expect(seen()?.children).toEqual([left]));
      // The wait did not begin with this process.
      expect(Date.parse(seen()?.waiting?.since ?? '')).toBeGreaterThanOrEqual(Date.parse(since ?? ''));
      expect(seen()?.waiting?.timedOut).toBeUndefined();
    });
    const writes = audit.since(start, { namespace, verbs: writeVerbs, resource: 'deployments' });
    expect(writes.filter(({ subresource }) => subresource === '')).toEqual([]);
    await client.delete(Act, { namespace, name: 'act' });
  });
});
