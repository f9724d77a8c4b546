import { startControlPlane } from '@capstan/controlplane';
import { DruidIngestion } from '@capstan/druid-operator';
import { type Clock, type Condition, Namespace, Secret, Service, systemClock } from '@capstan/kube';
import { millis, minutes, seconds } from '@capstan/runtime';
import { callDruid, type DruidFault, FakeDruid, jsonOf, type World } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DruidCluster } from './druid-cluster.fixture.ts';
import {
  bringUp,
  type DruidWorld,
  kafkaIngestion,
  kafkaSpec,
  openDruidWorld,
  type WantedIngestion,
} from './open-druid-world.ts';

/** Anything about a supervisor. */
const ofSupervisors = { path: /^\/druid\/indexer\/v1\/supervisor/ };
const always = { times: Number.POSITIVE_INFINITY } as const;
const skipFinalizer = 'druid.apache.org/skip-finalizer';
const forbidden: DruidFault = { do: 'answer', status: 403, body: { 'Access-Check-Result': 'Unauthorized' } };

/** What is blocked looks again every 10 s, unless something happens. */
const patience = { timeout: 25_000 };

async function untilGone(world: World, name: string): Promise<void> {
  await world.eventually(async () => expect(await world.get(DruidIngestion, name)).toBeUndefined(), patience);
}

async function untilBlocked(world: World, name: string): Promise<Condition> {
  const blocked = await world.untilCondition(DruidIngestion, name, 'DeletionBlocked', 'True', patience);
  const where = `druidingestions.druid.apache.org ${name} -n ${world.namespace}`;
  expect(blocked.message).toContain(
    `To let it go without cleaning up: kubectl annotate ${where} ${skipFinalizer}=true`,
  );
  return blocked;
}

async function reasonsOf(world: World, name: string): Promise<readonly string[]> {
  return (await world.events(DruidIngestion, name)).map(({ reason }) => reason);
}

describe('a deletion', () => {
  let opened: DruidWorld;
  let world: World;
  let druid: FakeDruid;

  beforeAll(async () => {
    const operator = { deletionDeadlineMs: seconds(1), lanes: { most: 4, restMs: millis(50) } };
    opened = await openDruidWorld({ name: 'druid-end', operator });
    ({ world, druid } = opened);
  });

  afterAll(() => opened?.[Symbol.asyncDispose]());

  it.concurrent.each<{ when: string; fault: DruidFault; reason: string; says: string }>([
    {
      when: 'does not know the operator',
      fault: { do: 'answer', status: 401, body: { message: 'Unauthorized' } },
      reason: 'CredentialsRejected',
      says: 'Druid does not know these credentials (401)',
    },
    {
      when: 'does not let the operator do it',
      fault: forbidden,
      reason: 'PermissionDenied',
      says: 'Druid does not let these credentials do this (403)',
    },
    {
      when: 'has lost its metadata store',
      fault: { do: 'answer', status: 500, body: { error: 'out of order' } },
      reason: 'DruidUnreachable',
      says: 'Druid cannot answer now (500)',
    },
    {
      when: 'is starting',
      fault: { do: 'badGateway' },
      reason: 'DruidUnreachable',
      says: 'the router finds no Druid behind it (502)',
    },
    {
      when: 'has no overlord',
      fault: { do: 'noLeader' },
      reason: 'DruidUnreachable',
      says: 'Druid is not there yet (503)',
    },
    { when: 'cuts every connection', fault: { do: 'drop' }, reason: 'DruidUnreachable', says: 'http://127.0.0.1' },
    { when: 'hangs', fault: { do: 'stall' }, reason: 'DruidUnreachable', says: 'no answer from http://127.0.0.1' },
  ])('waits for a Druid that $when, says so, and ends when it is over', async ({ fault, reason, says }) => {
    await using away = await FakeDruid.start();
    const name = `away-${new URL(away.url).port}`;
    await bringUp(world, kafkaIngestion(name, { endpoint: { url: away.url } }));
    const trouble = away.inject({ ...always, on: ofSupervisors, fault });
    await world.delete(DruidIngestion, name);
    const blocked = await untilBlocked(world, name);
    expect([blocked.reason, blocked.message]).toEqual([reason, expect.stringContaining(says)]);
    expect(away.supervisor(name)).toBeDefined();
    trouble.lift();
    await untilGone(world, name);
    expect(away.supervisors).toEqual([]);
  });

  it.concurrent('waits where Druid refuses to end the supervisor, and ends when it no longer does', async () => {
    await bringUp(world, kafkaIngestion('refused'));
    const refusal: DruidFault = { do: 'answer', status: 400, body: { error: 'not now' } };
    const on = { path: '/druid/indexer/v1/supervisor/refused/terminate' };
    const trouble = druid.inject({ ...always, on, fault: refusal });
    await world.delete(DruidIngestion, 'refused');
    const { reason, message } = await untilBlocked(world, 'refused');
    expect([reason, message]).toEqual(['EndRefused', expect.stringContaining('refuses to end supervisor refused')]);
    await world.eventually(async () => expect(await reasonsOf(world, 'refused')).toContain('EndRefused'));
    trouble.lift();
    await untilGone(world, 'refused');
    expect(druid.supervisor('refused')).toBeUndefined();
  });

  it.concurrent('waits for the Secret with its credentials, and ends when it is there again', async () => {
    await using guarded = await FakeDruid.start({ security: 'basic' });
    const { user = '', password = '' } = guarded.admin ?? {};
    const stringData = { OperatorUserName: user, OperatorPassword: password };
    const users = { metadata: { name: 'users' }, stringData };
    await world.apply(Secret, users);
    const auth = { type: 'basic-auth', secretRef: { name: 'users' } };
    await bringUp(world, kafkaIngestion('guarded', { endpoint: { url: guarded.url }, auth }));
    await world.delete(Secret, 'users');
    await world.untilCondition(DruidIngestion, 'guarded', 'CredentialsValid', 'False');
    await world.delete(DruidIngestion, 'guarded');
    const { reason, message } = await untilBlocked(world, 'guarded');
    expect([reason, message]).toEqual(['SecretMissing', expect.stringContaining('Secret/users')]);
    expect(message).not.toContain(password);
    await world.apply(Secret, users);
    await untilGone(world, 'guarded');
    expect(guarded.supervisors).toEqual([]);
  });

  it.concurrent('is let go at the word of a person, and leaves what is in Druid', async () => {
    await bringUp(world, kafkaIngestion('stays'));
    druid.inject({ ...always, on: { path: /stays\/terminate$/ }, fault: forbidden });
    await world.delete(DruidIngestion, 'stays');
    await untilBlocked(world, 'stays');
    await world.edit(DruidIngestion, 'stays', { metadata: { annotations: { [skipFinalizer]: 'true' } } });
    await untilGone(world, 'stays');
    expect(druid.supervisor('stays')).toBeDefined();
    await world.eventually(async () => expect(await reasonsOf(world, 'stays')).toContain('FinalizerSkipped'));
  });

  it.concurrent('leaves a supervisor alone that is another resource’s by now', async () => {
    await bringUp(world, kafkaIngestion('taken'));
    const supervisor = druid.supervisor('taken');
    const theirs = { ...supervisor?.spec, context: { druidIngestionUid: 'another' } };
    supervisor?.start(theirs);
    await world.delete(DruidIngestion, 'taken');
    await untilGone(world, 'taken');
    expect(druid.supervisor('taken')?.spec).toEqual(theirs);
    await world.eventually(async () => expect(await reasonsOf(world, 'taken')).toContain('LeftAlone'));
  });

  it.concurrent('does with supervisor and rules what its policy says', async () => {
    const rules = [{ type: 'loadForever', tieredReplicants: { _default_tier: 1 } }];
    const policies = ['Terminate', 'Suspend', 'Retain'] as const;
    const wanted = policies.map((deletionPolicy): WantedIngestion => {
      const name = deletionPolicy.toLowerCase();
      return kafkaIngestion(name, { deletionPolicy, ingestion: { type: 'kafka', spec: kafkaSpec(name), rules } });
    });
    await Promise.all(wanted.map((each) => bringUp(world, each)));
    const starts = druid.supervisor('retain')?.starts;
    for (const { metadata } of wanted) await world.delete(DruidIngestion, metadata.name ?? '');
    for (const { metadata } of wanted) await untilGone(world, metadata.name ?? '');
    const left = async (name: string) => ({
      suspended: druid.supervisor(name)?.suspended,
      rules: jsonOf(await callDruid(druid.target, { method: 'GET', path: `/druid/coordinator/v1/rules/${name}` })),
    });
    expect(await Promise.all(['terminate', 'suspend', 'retain'].map(left))).toMatchObject([
      { suspended: undefined, rules: [] },
      { suspended: true, rules },
      { suspended: false, rules },
    ]);
    expect(druid.supervisor('retain')?.starts).toBe(starts);
  });
});

describe('a deletion together with a change of the spec', () => {
  let opened: DruidWorld;
  let world: World;
  let druid: FakeDruid;

  beforeAll(async () => {
    opened = await openDruidWorld({ name: 'druid-torn', operator: { deletionDeadlineMs: seconds(1) } });
    ({ world, druid } = opened);
  });

  afterAll(() => opened?.[Symbol.asyncDispose]());

  /** The operator sees both at once. */
  async function changeAndDelete(name: string, spec: object): Promise<void> {
    await world.stopOperator();
    await world.edit(DruidIngestion, name, { spec });
    await world.delete(DruidIngestion, name);
    await world.startOperator();
  }

  const batch = JSON.stringify({ type: 'index_parallel', spec: { dataSchema: { dataSource: 'wiki' } } });

  it.each([
    ['of no JSON', 'no-json', { ingestion: { spec: '{"type":' } }],
    ['of a type that is not supported', 'hadoop', { ingestion: { spec: '{"type":"index_hadoop"}' } }],
    ['of a task', 'task', { ingestion: { type: 'native-batch', spec: batch } }],
    ['of another data source', 'elsewhere', { ingestion: { spec: kafkaSpec('new-one') } }],
    ['that nothing may be made of', 'unsafe', { ingestion: { spec: kafkaSpec('unsafe', { consumerProperties: {} }) } }],
  ])('to one %s ends the supervisor that is there, and makes nothing', async (_what, name, spec) => {
    await bringUp(world, kafkaIngestion(name));
    await changeAndDelete(name, spec);
    await untilGone(world, name);
    expect([druid.supervisors, druid.tasks.all]).toEqual([[], []]);
  });

  it('to name a Secret of another namespace asks nothing, says so, and ends when it is taken back', async () => {
    const auth = { type: 'basic-auth', secretRef: { name: 'users', namespace: 'x' } };
    await bringUp(world, kafkaIngestion('secret'));
    await changeAndDelete('secret', { auth });
    expect(await untilBlocked(world, 'secret')).toMatchObject({
      reason: 'SecretNotOwn',
      message: expect.stringContaining('spec.auth'),
    });
    expect(druid.supervisor('secret')).toBeDefined();
    await world.edit(DruidIngestion, 'secret', { spec: { auth: null } });
    await untilGone(world, 'secret');
    expect(druid.supervisors).toEqual([]);
  });

  it('of the address is not possible at all', async () => {
    await bringUp(world, kafkaIngestion('address'));
    const endpoint = { url: 'http://elsewhere.invalid' };
    await expect(world.edit(DruidIngestion, 'address', { spec: { endpoint } })).rejects.toThrow(
      'endpoint.url cannot be changed',
    );
    await world.delete(DruidIngestion, 'address');
    await untilGone(world, 'address');
  });
});

describe('a deletion without a router', () => {
  const ahead = { ms: 0 };
  /** The system's clock, put forward: whatever waits for a timer waits as long as ever. */
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + ahead.ms };
  let opened: DruidWorld;
  let world: World;
  let druid: FakeDruid;

  beforeAll(async () => {
    opened = await openDruidWorld({ name: 'druid-alone', kinds: [DruidCluster], clock });
    ({ world, druid } = opened);
  });

  afterAll(() => opened?.[Symbol.asyncDispose]());

  /** An ingestion into a cluster of its own, which loses its router, and is being deleted. */
  async function leaveWithoutRouter(cluster: string): Promise<void> {
    const router = `${cluster}-router`;
    const labels = { druid_cr: cluster, component: 'router' };
    await world.apply(Service, { metadata: { name: router, labels }, spec: { ports: [{ port: 8888 }] } });
    await bringUp(world, kafkaIngestion(cluster, { druidCluster: cluster }));
    await world.delete(Service, router);
    await world.untilCondition(DruidIngestion, cluster, 'Reachable', 'False');
    await world.delete(DruidIngestion, cluster);
    await untilLookedAt(cluster);
  }

  /** Resolves when the operator has looked at a resource that is being deleted: a deletion is a generation of its own. */
  async function untilLookedAt(name: string): Promise<void> {
    const { metadata } = (await world.get(DruidIngestion, name)) ?? expect.unreachable();
    const seen = () => world.passes(name).map(({ resource }) => resource?.generation);
    await world.eventually(() => expect(seen()).toContain(metadata.generation));
  }

  it('whose cluster was there and has gone as well goes after 30 s, and not before', async () => {
    await world.apply(DruidCluster, { metadata: { name: 'tiny-gone' }, spec: {} });
    await leaveWithoutRouter('tiny-gone');
    await world.delete(DruidCluster, 'tiny-gone');
    expect(await world.get(DruidIngestion, 'tiny-gone')).toBeDefined();
    ahead.ms += seconds(30);
    await untilGone(world, 'tiny-gone');
    expect(druid.supervisor('tiny-gone')).toBeDefined();
  });

  it('whose cluster is there waits, says so after five minutes, and ends with the router back', async () => {
    await world.apply(DruidCluster, { metadata: { name: 'tiny-there' }, spec: {} });
    await leaveWithoutRouter('tiny-there');
    ahead.ms += minutes(4);
    const passes = world.passes('tiny-there').length;
    await world.eventually(() => expect(world.passes('tiny-there').length).toBeGreaterThan(passes), patience);
    expect(await world.conditions(DruidIngestion, 'tiny-there')).not.toContainEqual(
      expect.objectContaining({ type: 'DeletionBlocked' }),
    );
    ahead.ms += minutes(1);
    const { reason, message } = await untilBlocked(world, 'tiny-there');
    expect([reason, message]).toEqual(['RouterNotFound', expect.stringContaining('druid_cr=tiny-there')]);
    const labels = { druid_cr: 'tiny-there', component: 'router' };
    await world.apply(Service, { metadata: { name: 'tiny-back', labels }, spec: { ports: [{ port: 8888 }] } });
    await untilGone(world, 'tiny-there');
    expect(druid.supervisor('tiny-there')).toBeUndefined();
  });

  it('whose cluster goes while it waits goes too', async () => {
    await world.apply(DruidCluster, { metadata: { name: 'tiny-going' }, spec: {} });
    await leaveWithoutRouter('tiny-going');
    ahead.ms += minutes(5);
    await untilBlocked(world, 'tiny-going');
    await world.delete(DruidCluster, 'tiny-going');
    await untilGone(world, 'tiny-going');
  });
});

describe('a deletion where the kind of its cluster is not installed', () => {
  it('waits for its router for five minutes, and then goes', async () => {
    const ahead = { ms: 0 };
    const clock: Clock = { ...systemClock, now: () => systemClock.now() + ahead.ms };
    await using plane = await startControlPlane({ nodes: 'none', audit: true });
    await using opened = await openDruidWorld({ name: 'druid-kindless', plane, clock });
    const { world } = opened;
    await bringUp(world, kafkaIngestion('clicks'));
    await world.delete(Service, 'tiny-router');
    await world.untilCondition(DruidIngestion, 'clicks', 'Reachable', 'False');
    await world.delete(DruidIngestion, 'clicks');
    ahead.ms = minutes(5);
    await untilGone(world, 'clicks');
  }, 90_000);
});

describe('a deletion with its namespace', () => {
  it('ends what it can, and holds up the namespace no longer than its deadline', async () => {
    // The operator lives in another namespace, and sees all of them.
    await using plane = await startControlPlane({ nodes: 'none', audit: true });
    const operator = { deletionDeadlineMs: seconds(3) };
    await using opened = await openDruidWorld({ name: 'druid-outer', plane, scope: 'cluster', operator });
    const { world, druid } = opened;
    const namespace = 'doomed';
    await world.admin.create(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    for (const name of ['willing', 'unwilling']) {
      const { spec } = kafkaIngestion(name, { endpoint: { url: druid.url } });
      const body = {
        apiVersion: 'druid.apache.org/v1alpha1',
        kind: 'DruidIngestion',
        metadata: { name, namespace },
        spec,
      };
      await world.admin.create(DruidIngestion, DruidIngestion.withDefaults(body));
    }
    await world.eventually(() => expect(druid.supervisors).toHaveLength(2));
    druid.inject({ ...always, on: { path: /\/unwilling\/terminate$/ }, fault: forbidden });
    await world.admin.delete(Namespace, { name: namespace });
    await world.eventually(async () => expect(await world.admin.get(Namespace, { name: namespace })).toBeUndefined(), {
      timeout: 60_000,
    });
    expect(druid.supervisors.map(({ id }) => id)).toEqual(['unwilling']);
    expect(world.logs().map(({ msg }) => String(msg))).toContainEqual(
      expect.stringContaining('let go without cleaning up: its namespace is being deleted'),
    );
  }, 120_000);
});
