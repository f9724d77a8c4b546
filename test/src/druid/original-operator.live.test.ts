import { type ControlPlane, startControlPlane } from '@capstan/controlplane';
import { DruidIngestion, druidController } from '@capstan/druid-operator';
import { ApiError, ConfigMap, CustomResourceDefinition, Secret } from '@capstan/kube';
import { type Preview, preview } from '@capstan/runtime';
import { eventually, type FakeDruid, type World } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubectl } from '../setup/kubectl.ts';
import { type DruidWorld, kafkaSpec, openDruidWorld } from './open-druid-world.ts';
import {
  madeByTheOriginal,
  type OriginalOrder,
  originalDefinition,
  writtenForTheOriginal,
} from './original-operator.fixture.ts';

type OriginalIngestion = OriginalOrder['spec']['ingestion'];

const finalizer = 'druid.apache.org/ingestion';
const patience = { timeout: 30_000 };

// The CRD is replaced, which would be a nuisance to every other world.
let plane: ControlPlane;
let opened: DruidWorld;
let world: World;
let druid: FakeDruid;

beforeAll(async () => {
  plane = await startControlPlane({ nodes: 'none', audit: true });
  opened = await openDruidWorld({ name: 'druid-former', plane });
  ({ world, druid } = opened);
  await world.stopOperator();
  const { name } = originalDefinition.metadata;
  await world.admin.delete(CustomResourceDefinition, { name });
  await eventually(async () => expect(await world.admin.get(CustomResourceDefinition, { name })).toBeUndefined());
  await kubectl(plane, ['apply', '-f', '-'], originalDefinition);
  await untilServing('original');
}, 120_000);

afterAll(async () => {
  await opened?.[Symbol.asyncDispose]();
  await plane?.stop();
});

/** Resolves when the API server knows the fields of one CRD and not of the other. */
async function untilServing(whose: 'original' | 'ours'): Promise<void> {
  const probe = DruidIngestion.withDefaults({
    ...{ apiVersion: 'druid.apache.org/v1alpha1', kind: 'DruidIngestion' },
    metadata: { name: 'probe', namespace: world.namespace },
    spec: { druidCluster: 'tiny', deletionPolicy: 'Retain', ingestion: { type: 'kafka', spec: '{}' } },
  });
  await eventually(async () => {
    const status = await world.admin.create(DruidIngestion, probe, { dryRun: true }).then(
      () => 201,
      (error: unknown) => (error instanceof ApiError ? error.status : 0),
    );
    expect(status).toBe(whose === 'ours' ? 201 : 400);
  }, patience);
}

function orderOf(name: string, ingestion: OriginalIngestion, more: Partial<OriginalOrder['spec']> = {}): OriginalOrder {
  return { namespace: world.namespace, name, spec: { druidCluster: 'tiny', ingestion, ...more } };
}

const stream = (dataSource: string): OriginalIngestion => ({ type: 'kafka', spec: kafkaSpec(dataSource) });

function make(name: string, ingestion: OriginalIngestion, more?: Partial<OriginalOrder['spec']>, status?: object) {
  return madeByTheOriginal(world.admin, druid, orderOf(name, ingestion, more), status);
}

function write(name: string, ingestion: OriginalIngestion, more?: Partial<OriginalOrder['spec']>) {
  return writtenForTheOriginal(world.admin, orderOf(name, ingestion, more));
}

const rules = [
  { type: 'loadByPeriod', period: 'P1M', tieredReplicants: { _default_tier: 2 } },
  { type: 'dropForever' },
];
const compaction = { skipOffsetFromLatest: 'PT1H', tuningConfig: { partitionsSpec: { type: 'dynamic' } } };

/** A stream whose spec Druid shows in other words, with all that the first operator could set besides. */
const whole: OriginalIngestion = {
  type: 'kafka',
  nativeSpec: JSON.parse(kafkaSpec('whole', { taskDuration: 'PT5M', taskCount: 1, replicas: 1 })) as object,
  compaction,
  rules,
};

const batch = JSON.stringify({
  type: 'index_parallel',
  spec: {
    dataSchema: {
      dataSource: 'wiki',
      timestampSpec: { column: 't', format: 'iso' },
      dimensionsSpec: { dimensions: [] },
      granularitySpec: { type: 'uniform', segmentGranularity: 'DAY', queryGranularity: 'NONE' },
    },
    ioConfig: {
      type: 'index_parallel',
      inputSource: { type: 'inline', data: '{"t":"2025-01-01T00:00:00Z"}' },
      inputFormat: { type: 'json' },
    },
    tuningConfig: { type: 'index_parallel' },
  },
});

const withUsers = { auth: { type: 'basic-auth', secretRef: { name: 'users' } } };
const withUsersOfOthers = { auth: { type: 'basic-auth', secretRef: { name: 'users', namespace: 'druid' } } };

/** The spec of another data source, as Druid shows that of the first one: with every default. */
function spelledOut(from: string, to: string): object {
  const { type, spec } = druid.supervisor(from)?.spec ?? expect.unreachable();
  return JSON.parse(JSON.stringify({ type, spec }).replaceAll(from, to)) as object;
}

function changesIn(since: number): readonly string[] {
  return druid.requests.slice(since).flatMap(({ method, path }) => (method === 'GET' ? [] : [`${method} ${path}`]));
}

async function found(name: string): Promise<DruidIngestion> {
  return (await world.get(DruidIngestion, name)) ?? expect.unreachable();
}

const untilReady = (name: string) => world.untilCondition(DruidIngestion, name, 'Ready', 'True', patience);

function untilReason(name: string, reason: string) {
  return world.eventually(async () => {
    const conditions = await world.conditions(DruidIngestion, name);
    const ready = conditions.find(({ type }) => type === 'Ready');
    expect(ready?.reason).toBe(reason);
    return ready?.message ?? '';
  }, patience);
}

const untilGone = (name: string) =>
  world.eventually(async () => expect(await world.get(DruidIngestion, name)).toBeUndefined(), patience);

/** What `capstan plan` makes its text of. */
async function foretold(name: string): Promise<Preview> {
  return preview(druidController(), await found(name), { client: world.admin });
}

const actions = ({ children }: Preview) => children.map(({ kind, name, action }) => `${action} ${kind}/${name}`);

describe('ingestions of the first Druid operator', () => {
  const streams = ['plain', 'spelled', 'whole', 'garbled'];
  let wikiTask = '';
  let early: Preview;
  let before = 0;

  beforeAll(async () => {
    const data = { OperatorUserName: btoa('admin'), OperatorPassword: btoa('secret') };
    await world.apply(Secret, { metadata: { name: 'users' }, data });
    await make('plain', stream('plain'), withUsers);
    await make('spelled', { type: 'kafka', nativeSpec: spelledOut('plain', 'spelled') });
    await make('whole', whole);
    await make('garbled', stream('garbled'), {}, { 'currentIngestionSpec.json': '{"type":' });
    wikiTask = await make('wiki', { type: 'native-batch', spec: batch });
    druid.tasks.succeed(wikiTask);
    await make('leaving', { ...stream('leaving'), rules });
    await make('one', stream('shared'));
    await make('other', { type: 'kafka', spec: kafkaSpec('shared', { taskCount: 2 }) });
    await make('secretive', stream('secretive'), withUsersOfOthers);
    await write('hadoop', { type: 'index-hadoop', spec: '{"type":"index_hadoop"}' });
    await write('bare', { type: 'kafka' });
    await world.delete(DruidIngestion, 'leaving');
    early = await foretold('whole');
    await kubectl(plane, ['apply', '--server-side', '-f', '-'], DruidIngestion.manifest());
    await untilServing('ours');
    before = druid.requests.length;
  }, 120_000);

  it('are said beforehand to get a ConfigMap and nothing else, and Druid is not asked for saying so', async () => {
    const requests = druid.requests.length;
    const { children, refusal, error, status } = await foretold('whole');
    expect([refusal, error]).toEqual([undefined, undefined]);
    expect(actions({ ...early, children })).toEqual(['create ConfigMap/whole-last-good-spec']);
    // It may be asked before anything is installed.
    expect(actions(early)).toEqual(['create ConfigMap/whole-last-good-spec']);
    expect(status?.after).toMatchObject({
      id: 'whole',
      taskId: 'whole',
      dataSource: 'whole',
      rulesDataSource: 'whole',
    });
    expect((await foretold('secretive')).refusal?.reason).toBe('SecretNotOwn');
    expect(actions(await foretold('wiki'))).toEqual(['create ConfigMap/wiki-last-good-spec']);
    expect(druid.requests.length).toBe(requests);
  });

  it('are taken over: no supervisor starts anew, no task runs twice, nothing is set that is set already', async () => {
    await world.startOperator();
    for (const name of [...streams, 'wiki']) await untilReady(name);
    await untilGone('leaving');
    expect(druid.supervisors.map(({ id, starts }) => [id, starts])).toEqual([
      ...streams.map((id) => [id, 1]),
      ...[['shared', 2]],
      ...[['secretive', 1]],
    ]);
    expect(druid.tasks.all.map(({ id }) => id)).toEqual([wikiTask]);
    // Only what Druid shows in other words is sent, without a mark: Druid says itself that it is the same.
    const supervisors = '/druid/indexer/v1/supervisor';
    const sent = ['plain', 'whole', 'garbled'].map(() => `POST ${supervisors}`);
    expect(changesIn(before).toSorted()).toEqual([...sent, `POST ${supervisors}/leaving/terminate`]);
    const bodies = druid.requests.slice(before).map(({ body }) => body);
    expect(bodies.filter((body) => /spelled|druidIngestion/.test(body))).toEqual([]);
  }, 60_000);

  it('get what was foretold: a status of this operator, its finalizer, and the ConfigMap', async () => {
    const kept = await world.get(ConfigMap, 'whole-last-good-spec');
    const [child] = early.children;
    expect(child?.desired).toMatchObject({ data: kept?.data ?? expect.unreachable() });
    const { metadata, status } = await found('whole');
    expect(metadata.finalizers).toEqual([finalizer]);
    expect(status).toMatchObject({
      ...{ id: 'whole', taskId: 'whole', ingestionType: 'kafka', dataSource: 'whole', state: 'RUNNING' },
      ...{ rules, rulesDataSource: 'whole', compactionDataSource: 'whole' },
      ...{ type: 'DruidIngestionControllerUpdateSuccess', status: 'True', reason: 'Running' },
    });
    await world.eventually(async () => {
      const reasons = (await world.events(DruidIngestion, 'whole')).map(({ reason }) => reason);
      expect(reasons).toEqual(expect.arrayContaining(['TakenOver', 'Running']));
      expect(reasons).not.toContain('Updated');
    });
  });

  it.each(['plain', 'whole'])('leave the first operator, should it look again, nothing to send: %s', async (name) => {
    const { status, spec } = await found(name);
    const { nativeSpec, spec: text = '' } = spec.ingestion;
    const wanted = nativeSpec ?? (JSON.parse(text) as object);
    expect(JSON.parse(status?.['currentIngestionSpec.json'] ?? '')).toMatchObject(wanted);
    expect(JSON.parse(status?.['currentIngestionSpec.json'] ?? '')).not.toHaveProperty('context');
  });

  it('keep the rules of a resource that was deleted before: the first operator would have left them', () => {
    const path = '/druid/coordinator/v1/rules/leaving';
    expect(druid.requests.slice(before).filter((request) => request.path === path)).toEqual([]);
  });

  it('that nothing may be made of say why, are left alone in Druid, and can be put right', async () => {
    expect(await untilReason('secretive', 'SecretNotOwn')).toContain('spec.auth.secretRef.namespace');
    expect(await untilReason('hadoop', 'SpecInvalid')).toContain('index-hadoop');
    expect(await untilReason('bare', 'SpecInvalid')).toContain('needs one of');
    await world.edit(DruidIngestion, 'secretive', { spec: { auth: null } });
    await untilReady('secretive');
    expect(druid.supervisor('secretive')?.starts).toBe(1);
  }, 60_000);

  it('that share a supervisor are both refused until one of them is gone, which ends nothing', async () => {
    expect(await untilReason('one', 'OwnedByAnother')).toContain('DruidIngestion/other');
    expect(await untilReason('other', 'OwnedByAnother')).toContain('DruidIngestion/one');
    await world.delete(DruidIngestion, 'one');
    await untilGone('one');
    await untilReady('other');
    expect(druid.supervisor('shared')?.starts).toBe(2);
  }, 60_000);

  it('cost no write and no start when a new process looks at them', async () => {
    await world.settled();
    const asked = druid.requests.length;
    await world.expectWrites(0, async () => {
      await world.restartOperator();
      await world.eventually(() => expect(druid.requests.length).toBeGreaterThan(asked + 20), patience);
    });
    expect(druid.supervisors.map(({ starts }) => starts)).toEqual([1, 1, 1, 1, 2, 1]);
  }, 60_000);

  it('get a mark with their first change, and keep it', async () => {
    const ingestion = { spec: kafkaSpec('plain', { taskCount: 2 }) };
    await world.edit(DruidIngestion, 'plain', { spec: { ingestion } });
    const { uid } = (await found('plain')).metadata;
    await world.eventually(() =>
      expect(druid.supervisor('plain')?.spec).toMatchObject({ context: { druidIngestionUid: uid } }),
    );
    await untilReady('plain');
    await world.restartOperator();
    await world.settled();
    expect(druid.supervisor('plain')?.starts).toBe(2);
  }, 60_000);

  it('go like any other when they are deleted, with what the resource still named', async () => {
    const all = (await world.list(DruidIngestion)).map(({ metadata }) => metadata.name);
    expect(all).toHaveLength(9);
    for (const name of all) await world.delete(DruidIngestion, name);
    for (const name of all) await untilGone(name);
    expect(druid.supervisors).toEqual([]);
    expect(changesIn(before)).toEqual(
      expect.arrayContaining([
        'POST /druid/coordinator/v1/rules/whole',
        'DELETE /druid/indexer/v1/compaction/config/datasources/whole',
      ]),
    );
  }, 60_000);
});
