import { readFileSync } from 'node:fs';
import { DruidIngestion } from '@capstan/druid-operator';
import { type KubeObject, Pod, type ResourceType, Secret } from '@capstan/kube';
import {
  federationController,
  namespaceController,
  PrismCluster,
  PrismFederation,
  PrismNamespace,
  PrismPattern,
  patternController,
  prismController,
} from '@capstan/prism-operator';
import { millis } from '@capstan/runtime';
import { StreamBusCluster } from '@capstan/streambus-operator';
import { openWorld, type World } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { dialControlPlane } from '../../../operators/prism/src/admin/control-plane/grpc-control-plane.ts';
import { FakeControlPlane } from '../../../operators/prism/src/testing/fake-control-plane.ts';
import { goTool } from '../../../scripts/go-tools/go-tool.ts';
import { type DruidWorld, kafkaIngestion, openDruidWorld } from '../druid/open-druid-world.ts';
import { wantedPrism } from '../prism/open-prism-world.ts';
import { openBusWorld, wantedCluster } from '../streambus/open-bus-world.ts';
import { type Judgement, judgementOf } from './health-engines.ts';

const unseen: Judgement = { kstatus: 'Current', flux: 'Unknown', argo: 'Progressing' };
const progressing: Judgement = { kstatus: 'InProgress', flux: 'InProgress', argo: 'Progressing' };
const well: Judgement = { kstatus: 'Current', flux: 'Current', argo: 'Healthy' };
const needsAPerson: Judgement = { kstatus: 'Failed', flux: 'Failed', argo: 'Degraded' };
const going: Judgement = { kstatus: 'Terminating', flux: 'InProgress', argo: 'Progressing' };

/** Patterns count as available after 15 seconds, and a step waits for the one before. */
const patiently = { timeout: 90_000 } as const;

/** What was seen of each kind, as rows of the guide's table. */
const seen: string[] = [];

beforeAll(async () => {
  await goTool('kstatus');
  await goTool('lua-health');
  await goTool('flux-health');
}, 600_000);

async function judged(what: string, object: KubeObject | undefined): Promise<Judgement> {
  if (object === undefined) throw new Error(`there is no object for "${what}"`);
  const judgement = await judgementOf(object);
  seen.push(`| ${object.kind} | ${what} | ${judgement.kstatus} | ${judgement.flux} | ${judgement.argo} |`);
  return judgement;
}

/** The resource once something is true of it, as the engines would see it then. */
function once<T extends KubeObject>(
  world: World,
  kind: ResourceType<T>,
  name: string,
  holds: (object: T) => boolean,
): Promise<T> {
  return world.eventually(async () => {
    const found = await world.get(kind, name);
    if (found === undefined || !holds(found)) throw new Error(`not yet: ${JSON.stringify(statusOf(found))}`);
    return found;
  }, patiently);
}

interface Reported {
  readonly phase?: string;
  readonly observedGeneration?: number;
  readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason: string }[];
}

function statusOf(object: object | undefined): Reported {
  const status: unknown = object !== undefined && 'status' in object ? object.status : undefined;
  return (status ?? {}) as Reported; // every kind of ours reports so
}

const says =
  (type: string, status = 'True', reason?: string) =>
  (object: object): boolean =>
    (statusOf(object).conditions ?? []).some(
      (each) => each.type === type && each.status === status && (reason === undefined || each.reason === reason),
    );

const isAsWanted = (object: KubeObject): boolean =>
  says('Ready')(object) && statusOf(object).observedGeneration === object.metadata.generation;

const isAtRest = (object: KubeObject): boolean =>
  says('Reconciling', 'False')(object) && statusOf(object).observedGeneration === object.metadata.generation;

/** As an edit leaves it, before the operator has looked: stored nowhere, so that the operator cannot be quicker. */
function edited<T extends KubeObject>(world: World, kind: ResourceType<T>, name: string, spec: object): Promise<T> {
  const ref = { namespace: world.namespace, name };
  return world.admin.patch(kind, ref, { kind: 'merge', body: { spec } }, { dryRun: true });
}

/** As creation leaves it, likewise. */
function created<T extends KubeObject>(world: World, kind: ResourceType<T>, wanted: object): Promise<T> {
  const { group, version, kind: name } = kind;
  const metadata = { name: 'new-born', namespace: world.namespace };
  const object = { ...wanted, apiVersion: `${group}/${version}`, kind: name, metadata };
  return world.admin.create(kind, object as never, { dryRun: true }); // the API server looks at its shape
}

/** Deleted, and held by a finalizer of somebody else's. */
async function held<T extends KubeObject>(world: World, kind: ResourceType<T>, name: string): Promise<T> {
  const finalizers = (of: readonly string[]) => ({ metadata: { finalizers: of } });
  const former = (await world.get(kind, name))?.metadata.finalizers ?? [];
  await world.edit(kind, name, finalizers([...former, 'example.com/hold']));
  await world.delete(kind, name);
  const found = await once(world, kind, name, ({ metadata }) => metadata.deletionTimestamp !== undefined);
  await world.eventually(() => release(world, kind, name));
  return found;
}

/** The operator may take its own finalizer off at the same moment: then this is a conflict, and tried again. */
async function release(world: World, kind: ResourceType, name: string): Promise<void> {
  const found = await world.get(kind, name);
  if (found === undefined) return;
  const { resourceVersion, finalizers = [] } = found.metadata;
  const left = finalizers.filter((each) => each !== 'example.com/hold');
  await world.edit(kind, name, { metadata: { resourceVersion, finalizers: left } });
}

describe('a StreamBusCluster', () => {
  let world: World;
  const name = 'orders';

  beforeAll(async () => {
    world = await openBusWorld();
  }, 120_000);
  afterAll(() => world?.[Symbol.asyncDispose]());

  it('that nobody has looked at yet is current for kstatus, and waited for by Flux and Argo CD', async () => {
    expect(await judged('just created', await created(world, StreamBusCluster, wantedCluster(name)))).toEqual(unseen);
  });

  it('that comes up is on its way', async () => {
    await world.newPodsAre('never-ready');
    await world.apply(StreamBusCluster, wantedCluster(name));
    const starting = await once(world, StreamBusCluster, name, says('Reconciling', 'True', 'Starting'));
    expect(await judged('starting', starting)).toEqual(progressing);
  });

  it('that serves is well', async () => {
    await world.podsAre('ready');
    expect(await judged('ready', await once(world, StreamBusCluster, name, isAsWanted))).toEqual(well);
  });

  it('that was edited is on its way until the operator has looked', async () => {
    const changed = await edited(world, StreamBusCluster, name, { config: { logLevel: 'debug' } });
    expect(await judged('edited, not seen yet', changed)).toEqual(progressing);
  });

  it('that asks for what nobody enforces needs a person', async () => {
    const tokens = { authentication: { enabled: true, method: 'jwt' } };
    await world.edit(StreamBusCluster, name, { spec: { security: tokens } });
    const stalled = await once(world, StreamBusCluster, name, (each) => says('Stalled')(each) && isAtRest(each));
    expect(await judged('asks for what nobody enforces', stalled)).toEqual(needsAPerson);
    await world.edit(StreamBusCluster, name, { spec: { security: null } });
    await once(world, StreamBusCluster, name, isAsWanted);
  });

  it('that waits for a Secret needs a person for Argo CD; kstatus sees that its roll-out is not over', async () => {
    const tls = { tls: { enabled: true, certSecretName: 'missing' } };
    await world.edit(StreamBusCluster, name, { spec: { security: tls } });
    const stalled = await once(world, StreamBusCluster, name, says('Stalled', 'True', 'SecretMissing'));
    const judgement = await judged('needs a Secret that is missing', stalled);
    expect(judgement).toEqual({ kstatus: 'InProgress', flux: 'Failed', argo: 'Degraded' });
    await world.edit(StreamBusCluster, name, { spec: { security: null } });
    await once(world, StreamBusCluster, name, isAsWanted);
  });

  it('that has lost a broker is degraded for Argo CD, and not current for kstatus', async () => {
    await world.newPodsAre('never-ready');
    await world.delete(Pod, `${name}-1`);
    const lost = await once(world, StreamBusCluster, name, ({ status }) => status?.phase === 'Degraded');
    expect(await judged('a broker is lost', lost)).toEqual({
      kstatus: 'InProgress',
      flux: 'InProgress',
      argo: 'Degraded',
    });
    await world.podsAre('ready');
    await once(world, StreamBusCluster, name, isAsWanted);
  });

  it('that is paused is suspended for Argo CD, and as it was for kstatus', async () => {
    const pause = (value: string | null) => ({ metadata: { annotations: { 'streambus.io/paused': value } } });
    await world.edit(StreamBusCluster, name, pause('true'));
    const paused = await once(world, StreamBusCluster, name, says('Paused'));
    expect(await judged('paused', paused)).toEqual({ kstatus: 'Current', flux: 'Current', argo: 'Suspended' });
    await world.edit(StreamBusCluster, name, pause(null));
  });

  it('that is being deleted is going', async () => {
    expect(await judged('being deleted', await held(world, StreamBusCluster, name))).toEqual(going);
  });
});

describe('the kinds of Prism', () => {
  let world: World;
  let fake: FakeControlPlane;
  const name = 'prism';
  const pattern = { metadata: { name: 'audit' }, spec: { type: 'producer', backends: [{ name: 'nats' }] } };

  beforeAll(async () => {
    fake = await FakeControlPlane.start();
    world = await openWorld({
      name: 'prism-health',
      controllers: [
        prismController({ adminMetrics: { ask: () => Promise.reject(new Error('there is nobody')) } }),
        patternController(),
        namespaceController({ dial: () => dialControlPlane(fake.address), quietMs: millis(0) }),
        federationController({ env: {} }),
      ],
    });
  }, 120_000);
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    await fake?.[Symbol.asyncDispose]();
  });

  it.each([
    [PrismCluster, { spec: {} }],
    [PrismPattern, pattern],
    [PrismNamespace, { spec: { cluster: name } }],
    [PrismFederation, { spec: { clusters: [{ name: 'here', endpoint: 'https://127.0.0.1' }] } }],
  ] as const)(
    '$kind that nobody has looked at yet is current for kstatus, and waited for by Flux and Argo CD',
    async (kind: ResourceType, wanted) => {
      expect(await judged('just created', await created(world, kind, wanted))).toEqual(unseen);
    },
  );

  it('PrismPattern without its cluster needs a person', async () => {
    await world.apply(PrismPattern, { ...pattern, spec: { ...pattern.spec, cluster: name } });
    const lonely = await once(world, PrismPattern, 'audit', says('Stalled'));
    expect(await judged('its cluster is missing', lonely)).toEqual(needsAPerson);
  });

  it('PrismCluster that comes up is on its way, and well when all of it runs', async () => {
    await world.apply(PrismCluster, wantedPrism(name));
    const starting = await once(world, PrismCluster, name, says('Reconciling'));
    expect(await judged('starting', starting)).toEqual(progressing);
    expect(await judged('ready', await once(world, PrismCluster, name, isAsWanted))).toEqual(well);
  }, 120_000);

  it('PrismPattern is well when its pods run', async () => {
    expect(await judged('ready', await once(world, PrismPattern, 'audit', isAsWanted))).toEqual(well);
  }, 120_000);

  it('PrismNamespace is well when prism-admin has it, and needs a person when it names a pattern that is not there', async () => {
    await world.apply(PrismNamespace, { metadata: { name: 'shop' }, spec: { cluster: name, patterns: ['keyvalue'] } });
    expect(await judged('ready', await once(world, PrismNamespace, 'shop', isAsWanted))).toEqual(well);
    await world.edit(PrismNamespace, 'shop', { spec: { patterns: ['keyvalue', 'unknown'] } });
    const unknown = await once(world, PrismNamespace, 'shop', says('Stalled'));
    expect(await judged('names an unknown pattern', unknown)).toEqual(needsAPerson);
    expect(await judged('being deleted', await held(world, PrismNamespace, 'shop'))).toEqual(going);
  }, 120_000);

  it('PrismFederation without credentials needs a person, and is well once its clusters are', async () => {
    const endpoint = inject('server');
    const clusters = [{ name: 'here', endpoint, credentialsSecret: { name: 'here' } }];
    const routing = { successThreshold: 1, probe: { intervalSeconds: 1, timeoutSeconds: 1 } };
    await world.apply(PrismFederation, { metadata: { name }, spec: { clusters, routing } });
    const locked = await once(world, PrismFederation, name, says('Stalled'));
    expect(await judged('credentials are missing', locked)).toEqual(needsAPerson);
    const kubeconfig = readFileSync(inject('kubeconfig'), 'utf8');
    await world.apply(Secret, { metadata: { name: 'here' }, stringData: { kubeconfig } });
    expect(await judged('ready', await once(world, PrismFederation, name, isAsWanted))).toEqual(well);
    expect(await judged('being deleted', await held(world, PrismFederation, name))).toEqual(going);
  }, 120_000);

  it('PrismCluster that has lost its redis is degraded, paused it is suspended', async () => {
    await world.newPodsAre('never-ready');
    await world.delete(Pod, `${name}-redis-0`);
    const lost = await once(world, PrismCluster, name, ({ status }) => status?.phase === 'Degraded');
    expect(await judged('redis is lost', lost)).toEqual({
      kstatus: 'InProgress',
      flux: 'InProgress',
      argo: 'Degraded',
    });
    await world.podsAre('ready');
    await once(world, PrismCluster, name, isAsWanted);
    await world.edit(PrismCluster, name, { metadata: { annotations: { 'prism.io/paused': 'true' } } });
    const paused = await once(world, PrismCluster, name, says('Paused'));
    expect(await judged('paused', paused)).toEqual({ kstatus: 'Current', flux: 'Current', argo: 'Suspended' });
  }, 120_000);

  it('PrismPattern and PrismCluster that are being deleted are going', async () => {
    expect(await judged('being deleted', await held(world, PrismPattern, 'audit'))).toEqual(going);
    expect(await judged('being deleted', await held(world, PrismCluster, name))).toEqual(going);
  });
});

describe('a DruidIngestion', () => {
  let druid: DruidWorld;
  const name = 'clicks';

  beforeAll(async () => {
    druid = await openDruidWorld();
  }, 120_000);
  afterAll(() => druid?.[Symbol.asyncDispose]());

  it('that nobody has looked at yet is current for kstatus, and waited for by Flux and Argo CD', async () => {
    expect(await judged('just created', await created(druid.world, DruidIngestion, kafkaIngestion(name)))).toEqual(
      unseen,
    );
  });

  it('is on its way while Druid does not answer, and well when its supervisor runs', async () => {
    const { world } = druid;
    const silence = druid.druid.inject({ times: Number.POSITIVE_INFINITY, fault: { do: 'drop' } });
    await world.apply(DruidIngestion, kafkaIngestion(name));
    const unreachable = await once(world, DruidIngestion, name, says('Reachable', 'False'));
    expect(await judged('Druid does not answer', unreachable)).toEqual(progressing);
    silence.lift();
    expect(await judged('ready', await once(world, DruidIngestion, name, isAsWanted))).toEqual(well);
  });

  it('that is suspended is so for Argo CD, and current for kstatus: that is what was asked', async () => {
    const { world } = druid;
    await world.edit(DruidIngestion, name, { spec: { suspend: true } });
    const suspended = await once(world, DruidIngestion, name, says('Suspended'));
    expect(await judged('suspended, as asked', suspended)).toEqual({
      kstatus: 'Current',
      flux: 'Current',
      argo: 'Suspended',
    });
    await world.edit(DruidIngestion, name, { spec: { suspend: false } });
    await once(world, DruidIngestion, name, isAsWanted);
  });

  it('whose spec cannot be used needs a person', async () => {
    const { world } = druid;
    await world.edit(DruidIngestion, name, { spec: { ingestion: { spec: '{"type": "kafka"' } } });
    const invalid = await once(world, DruidIngestion, name, says('Stalled'));
    expect(await judged('its spec is no JSON', invalid)).toEqual(needsAPerson);
  });

  it('that is being deleted is going', async () => {
    expect(await judged('being deleted', await held(druid.world, DruidIngestion, name))).toEqual(going);
  });
});

describe('the table of the guide', () => {
  it('is what was seen here', () => {
    const guide = readFileSync(new URL('../../../docs/guide/gitops.md', import.meta.url), 'utf8');
    const told = guide.split('\n').filter((line) => /^\| (StreamBus|Prism|Druid)/.test(line));
    expect(told.toSorted()).toEqual(seen.toSorted());
  });
});
