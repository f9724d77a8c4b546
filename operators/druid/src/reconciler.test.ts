import { minutes, seconds } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { aSecret, kafkaIngestion, kafkaSpec, Stage } from './a-stage.fixture.ts';
import { lastGoodName, objectHashAnnotation } from './children/last-good-spec.ts';
import { adoptAnnotation } from './converge/ownership.ts';

const unreachable = { kind: 'Unreachable', message: 'nobody listens at tiny', reason: 'NoConnection' } as const;

async function running(more: Parameters<typeof kafkaIngestion>[0] = {}, spec: object = kafkaSpec()): Promise<Stage> {
  const stage = new Stage(kafkaIngestion(more, spec));
  await stage.settle();
  return stage;
}

function conditionsOf(stage: Stage): Record<string, string> {
  return Object.fromEntries(
    (stage.status.conditions ?? []).map(({ type, status, reason }) => [type, `${status} ${reason}`]),
  );
}

/** The spec, with the topic that Druid refuses in these tests. */
const bad = { ingestion: { type: 'kafka', spec: JSON.stringify(kafkaSpec('clicks', { taskCount: -1 })) } };

function refuseBad(stage: Stage, losesRefused = true): void {
  stage.druid.losesRefused = losesRefused;
  stage.druid.refuse = (spec) =>
    JSON.stringify(spec).includes('"taskCount":-1') ? 'taskCount must be > 0' : undefined;
}

describe('a new supervisor', () => {
  it('is looked for, announced in the status, submitted, and then Ready', async () => {
    const stage = new Stage(kafkaIngestion());
    const { calls, events, recheckAfterMs } = await stage.pass();
    expect(calls).toEqual([
      'supervisorSpec clicks',
      'submitSupervisor clicks',
      'supervisorSpec clicks',
      'supervisorStatus clicks',
    ]);
    expect(stage.statuses.map(({ id, taskId, submitting }) => [id, taskId, submitting?.ids])).toEqual([
      [undefined, undefined, ['clicks']],
      ['clicks', 'clicks', undefined],
    ]);
    expect(events.map(({ type, reason }) => `${type} ${reason}`)).toEqual(['Normal Submitted', 'Normal Running']);
    expect(conditionsOf(stage)).toEqual({
      CredentialsValid: 'True Accepted',
      Healthy: 'True Healthy',
      Reachable: 'True Answers',
      Ready: 'True Running',
      Reconciling: 'False Running',
      Stalled: 'False Running',
      Suspended: 'False Running',
      Synced: 'True UpToDate',
    });
    expect(recheckAfterMs).toBe(seconds(30));
  });

  it('fills the flat fields of the first operator beside its own', async () => {
    const stage = await running();
    expect(stage.status).toMatchObject({
      ...{ id: 'clicks', taskId: 'clicks', ingestionType: 'kafka', dataSource: 'clicks', state: 'RUNNING', lag: 0 },
      ...{ type: 'DruidIngestionControllerCreateSuccess', status: 'True', reason: 'Running', lastHttpStatus: 200 },
    });
    expect(JSON.parse(stage.status['currentIngestionSpec.json'] ?? '')).toMatchObject(kafkaSpec());
  });

  it('is kept in a ConfigMap with the hash that the status names', async () => {
    const stage = await running();
    const kept = stage.objects.find(({ metadata }) => metadata.name === lastGoodName('clicks'));
    expect(kept?.metadata.annotations?.[objectHashAnnotation]).toBe(stage.status.lastGoodSpecHash);
    expect(JSON.parse((kept as { data?: Record<string, string> }).data?.['spec.json'] ?? '')).toMatchObject(
      kafkaSpec(),
    );
  });

  it('carries the UID of its resource and is not suspended', async () => {
    const { druid } = await running();
    expect(druid.submitted).toMatchObject([{ suspended: false, context: { druidIngestionUid: 'uid-of-clicks' } }]);
  });
});

describe('a settled supervisor', () => {
  it('costs one question per interval, nothing that restarts it, and no status write', async () => {
    const stage = await running();
    const [writes, restarts] = [stage.statuses.length, stage.druid.restarts];
    for (let interval = 0; interval < 40; interval += 1) {
      await stage.wait(seconds(30));
      const { calls } = await stage.pass();
      expect(calls).toHaveLength(1);
      expect(calls[0]).toMatch(/^supervisor(Spec|Status) clicks$/);
    }
    expect([stage.statuses.length, stage.druid.restarts]).toEqual([writes, restarts]);
  });

  it('is not started anew by an operator that knows nothing any more', async () => {
    const stage = await running();
    const [writes, restarts] = [stage.statuses.length, stage.druid.restarts];
    stage.restart();
    const { events } = await stage.pass();
    expect([stage.statuses.length, stage.druid.restarts, events]).toEqual([writes, restarts, []]);
  });

  it('that somebody changed in Druid is put right within a minute or so', async () => {
    const stage = await running();
    stage.druid.supervisors.set('clicks', { ...stage.druid.supervisors.get('clicks'), suspended: true });
    await stage.wait(seconds(61));
    const { events } = await stage.pass();
    expect(stage.druid.supervisors.get('clicks')).toMatchObject({ suspended: false });
    expect(events.map(({ reason }) => reason)).toEqual(['Repaired']);
    expect(stage.status.lastRepairTime).toBe('2026-01-01T00:01:01Z');
  });

  it('that somebody ended in Druid is made again, whatever was looked at', async () => {
    const stage = await running();
    stage.druid.supervisors.clear();
    const { calls, events } = await stage.pass();
    expect(calls[0]).toBe('supervisorStatus clicks');
    expect(stage.druid.supervisors.has('clicks')).toBe(true);
    expect(events.map(({ reason }) => reason)).toEqual(['Repaired']);
  });

  it('that is unhealthy is not Ready, and says why', async () => {
    const stage = await running();
    const recentErrors = [{ timestamp: '2026-01-01T00:00:00Z', message: 'no broker answers' }];
    stage.druid.state = { state: 'UNHEALTHY_SUPERVISOR', healthy: false, recentErrors };
    const { events } = await stage.pass();
    expect(conditionsOf(stage)).toMatchObject({
      Ready: 'False Unhealthy',
      Healthy: 'False Unhealthy',
      Synced: 'True UpToDate',
    });
    expect(events).toMatchObject([{ type: 'Warning', reason: 'Unhealthy' }]);
    expect(stage.status.recentErrors).toEqual(recentErrors);
  });
});

describe('suspending', () => {
  it('goes through the posted spec, and resuming keeps what is stored', async () => {
    const stage = await running();
    stage.edit({ suspend: true });
    const suspending = await stage.pass();
    expect(stage.druid.supervisors.get('clicks')).toMatchObject({ suspended: true });
    expect(conditionsOf(stage)).toMatchObject({ Ready: 'True SuspendedAsAsked', Suspended: 'True SuspendedAsAsked' });
    stage.edit({ suspend: false });
    const resuming = await stage.pass();
    expect(stage.druid.supervisors.get('clicks')).toMatchObject({ suspended: false });
    expect([suspending, resuming].map(({ events }) => events[0]?.reason)).toEqual(['Suspended', 'Resumed']);
    expect(stage.druid.calls.filter((call) => /^(reset|suspend|terminate)/.test(call))).toEqual([]);
  });

  it('is also what the spec itself may say', async () => {
    const stage = await running({}, { ...kafkaSpec(), suspended: true });
    expect(conditionsOf(stage)).toMatchObject({ Suspended: 'True SuspendedAsAsked' });
  });
});

describe('a spec that Druid refuses', () => {
  it('at first leaves nothing behind, is told once, and is tried again every ten minutes', async () => {
    const stage = new Stage(kafkaIngestion(bad));
    refuseBad(stage);
    const { events } = await stage.pass();
    expect(events.map(({ reason, note }) => `${reason}: ${note}`)).toEqual([
      'SpecRejected: Druid refuses the spec: taskCount must be > 0',
    ]);
    expect(conditionsOf(stage)).toMatchObject({ Stalled: 'True SpecRejected', Synced: 'False SpecRejected' });
    expect((await stage.pass()).calls).toEqual([]);
    await stage.wait(minutes(10));
    expect((await stage.pass()).calls).toContain('submitSupervisor clicks');
  });

  it('does not cost the running supervisor: Druid gets the last good one back', async () => {
    const stage = await running();
    refuseBad(stage);
    stage.edit(bad);
    const { events } = await stage.pass();
    expect(JSON.stringify(stage.druid.supervisors.get('clicks'))).not.toContain('taskCount');
    expect(stage.druid.supervisors.get('clicks')).toMatchObject(kafkaSpec());
    expect(events.map(({ reason }) => reason)).toEqual(['SpecRejected', 'RolledBack']);
    expect(conditionsOf(stage)).toMatchObject({
      Ready: 'False RolledBack',
      Stalled: 'True RolledBack',
      Synced: 'False RolledBack',
    });
    expect(stage.status.refusedSpec?.message).toBe('taskCount must be > 0');
  });

  it('is not sent again, not by a restart either, while the last good one is looked after', async () => {
    const stage = await running();
    refuseBad(stage);
    stage.edit(bad);
    await stage.pass();
    stage.restart();
    const before = stage.druid.submitted.length;
    stage.druid.supervisors.clear();
    await stage.settle();
    const sent = stage.druid.submitted.slice(before);
    expect(sent.map((spec) => JSON.stringify(spec).includes('taskCount'))).toEqual([false]);
    expect(stage.druid.supervisors.get('clicks')).toMatchObject(kafkaSpec());
  });

  it('can be suspended all the same: the last good one is', async () => {
    const stage = await running();
    refuseBad(stage);
    stage.edit(bad);
    await stage.pass();
    stage.edit({ suspend: true });
    await stage.pass();
    expect(stage.druid.supervisors.get('clicks')).toMatchObject({ suspended: true, ...kafkaSpec() });
  });

  it('is forgotten as soon as the spec is a good one', async () => {
    const stage = await running();
    refuseBad(stage);
    stage.edit(bad);
    await stage.pass();
    stage.edit({ ingestion: { type: 'kafka', spec: JSON.stringify(kafkaSpec('clicks', { taskCount: 2 })) } });
    await stage.pass();
    expect(stage.status.refusedSpec).toBeUndefined();
    expect(conditionsOf(stage)).toMatchObject({ Ready: 'True Running', Synced: 'True UpToDate' });
  });
});

describe('a Druid that cannot be asked', () => {
  it.each([
    [
      unreachable,
      { Ready: 'False DruidUnreachable', Reconciling: 'True DruidUnreachable', Reachable: 'False DruidUnreachable' },
    ],
    [
      { kind: 'Denied', status: 401, message: 'Unauthorized' } as const,
      {
        Ready: 'False CredentialsRejected',
        Stalled: 'True CredentialsRejected',
        CredentialsValid: 'False CredentialsRejected',
      },
    ],
    [
      { kind: 'Denied', status: 403, message: 'Forbidden' } as const,
      { Ready: 'False PermissionDenied', Stalled: 'True PermissionDenied', CredentialsValid: 'False PermissionDenied' },
    ],
  ])('says so by its conditions: %o', async (trouble, expected) => {
    const stage = await running();
    stage.druid.trouble = trouble;
    const { recheckAfterMs } = await stage.pass();
    expect(conditionsOf(stage)).toMatchObject(expected);
    expect(recheckAfterMs).toBeLessThanOrEqual(minutes(1));
    stage.druid.trouble = undefined;
    await stage.wait(minutes(2));
    await stage.pass();
    expect(conditionsOf(stage)).toMatchObject({
      Ready: 'True Running',
      Reachable: 'True Answers',
      CredentialsValid: 'True Accepted',
    });
  });

  it('and is silent is left alone for a while', async () => {
    const stage = await running();
    stage.druid.trouble = unreachable;
    expect((await stage.pass()).calls).toHaveLength(1);
    expect((await stage.pass()).calls).toEqual([]);
    await stage.wait(seconds(10));
    expect((await stage.pass()).calls).toHaveLength(1);
  });

  it('has no router: nothing is asked until there is one', async () => {
    const stage = new Stage(kafkaIngestion({ druidCluster: 'other' }));
    await stage.pass();
    expect(stage.druid.calls).toEqual([]);
    expect(conditionsOf(stage)).toMatchObject({
      Reconciling: 'True RouterNotFound',
      Reachable: 'False RouterNotFound',
    });
  });

  it('keeps what was done before it went away', async () => {
    const stage = new Stage(kafkaIngestion());
    stage.druid.troubles.set('supervisorStatus', unreachable);
    await stage.pass();
    expect(stage.status).toMatchObject({ id: 'clicks', taskId: 'clicks' });
    expect(stage.status.lastGoodSpecHash).toBeDefined();
  });
});

describe('whose a supervisor is', () => {
  it.each([
    ['somebody without a mark', { type: 'kafka' }],
    ['another resource', { type: 'kafka', context: { druidIngestionUid: 'another' } }],
  ])('of %s: it is left alone unless the annotation adopts it', async (_whose, spec) => {
    const stage = new Stage(kafkaIngestion());
    stage.druid.supervisors.set('clicks', spec);
    await stage.settle();
    expect(stage.druid.submitted).toEqual([]);
    expect(conditionsOf(stage)).toMatchObject({ Stalled: 'True NotOurs', Synced: 'False NotOurs' });
    stage.annotate(adoptAnnotation, 'true');
    await stage.pass();
    expect(stage.druid.submitted).toHaveLength(1);
    expect(conditionsOf(stage)).toMatchObject({ Ready: 'True Running' });
  });

  it('of a resource that the first operator looked after: it is taken on', async () => {
    const stage = new Stage(kafkaIngestion(), {}, { taskId: 'clicks', type: 'DruidIngestionControllerCreateFail' });
    stage.druid.supervisors.set('clicks', kafkaSpec());
    await stage.pass();
    expect(conditionsOf(stage)).toMatchObject({ Ready: 'True Running' });
  });

  it('of a resource that came first in this cluster: the second one is refused and asks Druid nothing', async () => {
    const first = new Stage(kafkaIngestion(), {
      name: 'first',
      uid: 'uid-1',
      creationTimestamp: '2026-01-01T00:00:00Z',
    });
    const second = new Stage(kafkaIngestion(), {
      name: 'second',
      uid: 'uid-2',
      creationTimestamp: '2026-01-01T00:00:01Z',
    });
    second.rivals = [first.resource];
    first.rivals = [second.resource];
    await first.pass();
    const { recheckAfterMs } = await second.pass();
    expect([first.druid.submitted.length, second.druid.calls.length]).toEqual([1, 0]);
    expect(conditionsOf(second)).toMatchObject({ Stalled: 'True OwnedByAnother' });
    expect(recheckAfterMs).toBe(seconds(15));
  });
});

describe('another data source', () => {
  const renamed = { ingestion: { type: 'kafka', spec: JSON.stringify(kafkaSpec('views')) } };

  it('has the new supervisor started before the old one is terminated', async () => {
    const stage = await running();
    stage.edit(renamed);
    const { calls } = await stage.pass();
    expect(calls.indexOf('submitSupervisor views')).toBeLessThan(calls.indexOf('terminate clicks'));
    expect([...stage.druid.supervisors.keys()]).toEqual(['views']);
    expect(stage.status).toMatchObject({ id: 'views' });
    expect(stage.status.formerIds).toBeUndefined();
  });

  it('whose old supervisor could not be ended is remembered until it is', async () => {
    const stage = await running();
    stage.druid.troubles.set('terminate', unreachable);
    stage.edit(renamed);
    await stage.pass();
    expect(stage.status).toMatchObject({ id: 'views', formerIds: ['clicks'] });
    stage.druid.troubles.clear();
    stage.restart();
    await stage.wait(minutes(1));
    await stage.pass();
    expect([...stage.druid.supervisors.keys()]).toEqual(['views']);
    expect(stage.status.formerIds).toBeUndefined();
  });

  it('leaves an old supervisor alone that belongs to somebody else by now', async () => {
    const stage = await running();
    stage.druid.supervisors.set('clicks', { type: 'kafka', context: { druidIngestionUid: 'another' } });
    stage.edit(renamed);
    await stage.pass();
    expect([...stage.druid.supervisors.keys()].sort()).toEqual(['clicks', 'views']);
  });
});

describe('operations that are done once', () => {
  it('are done once for each nonce, with the status written before and after', async () => {
    const stage = await running();
    stage.edit({ operations: { reset: { nonce: 'monday' } } });
    const from = stage.statuses.length;
    await stage.settle();
    expect(stage.druid.calls.filter((call) => call === 'reset clicks')).toHaveLength(1);
    expect(stage.statuses.slice(from).map(({ operations }) => operations?.map(({ state }) => state))).toEqual([
      ['Started'],
      ['Done'],
    ]);
    stage.edit({ operations: { reset: { nonce: 'tuesday' } } });
    await stage.settle();
    expect(stage.druid.calls.filter((call) => call === 'reset clicks')).toHaveLength(2);
  });

  it('are not repeated when the operator ended in the middle', async () => {
    const stage = await running();
    stage.edit({ operations: { reset: { nonce: 'monday' } } });
    const operations = [{ name: 'reset', nonce: 'monday', state: 'Started', time: '2026-01-01T00:00:00Z' }] as const;
    stage.resource = { ...stage.resource, status: { ...stage.status, operations } };
    stage.restart();
    await stage.settle();
    expect(stage.druid.calls).not.toContain('reset clicks');
    expect(stage.status.operations).toMatchObject([{ state: 'Unknown' }]);
  });

  it('that get no answer are unknown and not repeated', async () => {
    const stage = await running();
    stage.druid.troubles.set('reset ', { ...unreachable, reason: 'Timeout' });
    stage.edit({ operations: { reset: { nonce: 'monday' } } });
    await stage.settle();
    stage.druid.troubles.clear();
    await stage.wait(minutes(5));
    await stage.settle();
    expect(stage.druid.calls.filter((call) => call === 'reset clicks')).toHaveLength(1);
    expect(stage.status.operations).toMatchObject([{ state: 'Unknown', message: 'nobody listens at tiny' }]);
  });

  it('that a new resource comes with are skipped', async () => {
    const stage = await running({ operations: { handOff: { nonce: 'old', taskGroupIds: [0] } } });
    expect(stage.druid.calls).not.toContain('handOff clicks');
    expect(stage.status.operations).toMatchObject([{ name: 'handOff', state: 'Skipped' }]);
  });

  it('can be several at once', async () => {
    const stage = await running();
    const operations = {
      resetOffsets: { nonce: '1', offsets: { type: 'kafka' } },
      handOff: { nonce: '1', taskGroupIds: [0, 1] },
    };
    stage.edit({ operations });
    await stage.settle();
    expect(stage.druid.calls).toEqual(expect.arrayContaining(['resetOffsets clicks', 'handOff clicks']));
    expect(stage.status.operations?.map(({ name, state }) => [name, state])).toEqual([
      ['resetOffsets', 'Done'],
      ['handOff', 'Done'],
    ]);
  });
});

describe('secrets', () => {
  const jaas = (text: string) =>
    kafkaSpec('clicks', { consumerProperties: { 'bootstrap.servers': 'kafka:9092', 'sasl.jaas.config': text } });
  const canary = 'Login required password="canary-5417";';

  it('that the spec refers to reach Druid and nothing else', async () => {
    const stage = new Stage(kafkaIngestion({}, jaas(`\${secret:kafka/jaas}`)));
    stage.put(aSecret('kafka', { jaas: canary }));
    const { events } = await stage.pass();
    expect(JSON.stringify(stage.druid.submitted)).toContain('canary-5417');
    const written = JSON.stringify([stage.statuses, events, stage.objects.filter(({ kind }) => kind === 'ConfigMap')]);
    expect(written).not.toContain('canary-5417');
    expect(written).toContain(`\${secret:kafka/jaas}`);
    expect(stage.connections[0]?.redactions).toContain(canary);
  });

  it('that change are sent again', async () => {
    const stage = new Stage(kafkaIngestion({}, jaas(`\${secret:kafka/jaas}`)));
    stage.put(aSecret('kafka', { jaas: canary }));
    await stage.settle();
    stage.put(aSecret('kafka', { jaas: 'Login required password="another";' }, '2'));
    await stage.pass();
    expect(JSON.stringify(stage.druid.supervisors.get('clicks'))).toContain('another');
  });

  it.each([
    ['does not exist', undefined, 'SecretMissing'],
    ['has no such key', aSecret('kafka', { other: 'x' }), 'SecretInvalid'],
  ])('of which one %s stop the pass before Druid is asked', async (_what, secret, reason) => {
    const stage = new Stage(kafkaIngestion({}, jaas(`\${secret:kafka/jaas}`)));
    if (secret !== undefined) stage.put(secret);
    await stage.pass();
    expect(stage.druid.calls).toEqual([]);
    expect(conditionsOf(stage)).toMatchObject({ Stalled: `True ${reason}`, CredentialsValid: `False ${reason}` });
  });

  it('hold the credentials, under the keys of the first operator or those that are named', async () => {
    const auth = { type: 'basic-auth', secretRef: { name: 'users', namespace: 'shop' } };
    const stage = new Stage(kafkaIngestion({ auth }));
    stage.put(aSecret('users', { OperatorUserName: 'ann', OperatorPassword: 'pw', u: 'bob', p: 'pw2' }));
    await stage.pass();
    stage.edit({ auth: { ...auth, usernameKey: 'u', passwordKey: 'p' } });
    await stage.pass();
    expect(stage.connections.map(({ credentials }) => credentials?.username)).toEqual(['ann', 'bob']);
  });

  it('of another namespace are not read', async () => {
    const auth = { type: 'basic-auth', secretRef: { name: 'users', namespace: 'kube-system' } };
    const stage = new Stage(kafkaIngestion({ auth }));
    await stage.pass();
    expect(stage.druid.calls).toEqual([]);
    expect(conditionsOf(stage)).toMatchObject({ Stalled: 'True SecretNotOwn' });
  });
});

describe('a spec from a ConfigMap', () => {
  const ingestion = { type: 'kafka', specFrom: { configMapKeyRef: { name: 'specs', key: 'clicks.json' } } };
  const specs = (text: string, resourceVersion: string) => ({
    ...{ apiVersion: 'v1', kind: 'ConfigMap', data: { 'clicks.json': text } },
    metadata: { name: 'specs', namespace: 'shop', resourceVersion },
  });

  it('is carried out, also when it changes there', async () => {
    const stage = new Stage(kafkaIngestion({ ingestion }));
    await stage.pass();
    expect(conditionsOf(stage)).toMatchObject({ Stalled: 'True SpecMissing' });
    stage.put(specs(JSON.stringify(kafkaSpec()), '1'));
    await stage.pass();
    stage.put(specs(JSON.stringify(kafkaSpec('clicks', { taskCount: 3 })), '2'));
    await stage.pass();
    expect(JSON.stringify(stage.druid.supervisors.get('clicks'))).toContain('"taskCount":3');
  });
});

describe('rules and compaction', () => {
  const rules = [{ type: 'loadForever', tieredReplicants: { _default_tier: 1 } }];
  const spec = JSON.stringify(kafkaSpec());
  const withBoth = { ingestion: { type: 'kafka', spec, rules, compaction: { skipOffsetFromLatest: 'PT1H' } } };

  it('are set, kept as Druid normalises them, and looked at one at a time', async () => {
    const stage = await running(withBoth);
    expect(stage.druid.rules.get('clicks')).toMatchObject(rules);
    expect(stage.druid.compactions.get('clicks')).toMatchObject({ dataSource: 'clicks', skipOffsetFromLatest: 'PT1H' });
    const writes = stage.druid.calls.filter((call) => /^set/.test(call)).length;
    const seen = new Set<string>();
    for (let interval = 0; interval < 40; interval += 1) {
      await stage.wait(seconds(30));
      const { calls } = await stage.pass();
      expect(calls).toHaveLength(1);
      seen.add(calls[0] ?? '');
    }
    expect([...seen].sort()).toEqual([
      'compaction clicks',
      'rules clicks',
      'supervisorSpec clicks',
      'supervisorStatus clicks',
    ]);
    expect(stage.druid.calls.filter((call) => /^set/.test(call))).toHaveLength(writes);
  });

  it('that Druid drops fields of are set once and not for ever', async () => {
    const stage = await running({ ingestion: { type: 'kafka', spec, compaction: { unknownField: 1 } } });
    await stage.wait(minutes(6));
    await stage.settle();
    expect(stage.druid.calls.filter((call) => call === 'setCompaction clicks')).toHaveLength(1);
  });

  it('of which the spec takes a part out are set again, although Druid has all that is left', async () => {
    const stage = await running(withBoth);
    stage.edit({ ingestion: { type: 'kafka', spec, rules, compaction: { taskPriority: 25 } } });
    await stage.settle();
    expect(stage.druid.compactions.get('clicks')).not.toHaveProperty('skipOffsetFromLatest');
  });

  it('are noted as ours before they are set, and no longer when Druid refuses them', async () => {
    const stage = await running();
    const from = stage.statuses.length;
    stage.druid.refuse = (sent) => (sent['dataSource'] === undefined ? undefined : 'no compaction today');
    stage.edit(withBoth);
    await stage.pass();
    const noted = stage.statuses
      .slice(from)
      .map(({ rulesDataSource, compactionDataSource }) => [rulesDataSource, compactionDataSource]);
    expect(noted).toEqual([
      ['clicks', undefined],
      ['clicks', 'clicks'],
      ['clicks', undefined],
    ]);
  });

  it('that others change are put right', async () => {
    const stage = await running(withBoth);
    stage.druid.rules.set('clicks', []);
    stage.druid.compactions.delete('clicks');
    await stage.wait(minutes(6));
    await stage.settle();
    expect(stage.druid.rules.get('clicks')).toMatchObject(rules);
    expect(stage.druid.compactions.has('clicks')).toBe(true);
  });

  it('that are taken out of the spec are taken out of Druid', async () => {
    const stage = await running(withBoth);
    stage.edit({ ingestion: { type: 'kafka', spec } });
    await stage.pass();
    expect([stage.druid.rules.get('clicks'), stage.druid.compactions.has('clicks')]).toEqual([[], false]);
    expect([stage.status.rulesDataSource, stage.status.compactionDataSource]).toEqual([undefined, undefined]);
  });

  it('of others stay', async () => {
    const stage = new Stage(kafkaIngestion());
    stage.druid.rules.set('clicks', rules);
    stage.druid.compactions.set('clicks', { dataSource: 'clicks' });
    await stage.settle();
    expect([stage.druid.rules.get('clicks'), stage.druid.compactions.has('clicks')]).toEqual([rules, true]);
  });

  it('that Druid refuses do not touch the supervisor, and are not sent again until something changes', async () => {
    const stage = new Stage(
      kafkaIngestion({ ingestion: { type: 'kafka', spec, compaction: { taskPriority: 'high' } } }),
    );
    stage.druid.refuse = (sent) => (sent['taskPriority'] === 'high' ? 'taskPriority is no int' : undefined);
    await stage.settle();
    expect(stage.druid.calls.filter((call) => /^s(ubmit|et)/.test(call))).toEqual([
      'submitSupervisor clicks',
      'setCompaction clicks',
    ]);
    expect(conditionsOf(stage)).toMatchObject({ Stalled: 'True CompactionRejected', Healthy: 'True Healthy' });
  });
});

describe('a resource that is nested deeper than anybody can follow', () => {
  const deep = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

  it.each([
    ['spec', { nativeSpec: deep(9_000) }],
    ['compaction', { spec: JSON.stringify(kafkaSpec()), compaction: deep(9_000) }],
    ['rules', { spec: JSON.stringify(kafkaSpec()), rules: [deep(9_000)] }],
  ])('in its %s is told so, and Druid is not asked', async (_part, parts) => {
    const stage = new Stage(kafkaIngestion());
    const { resource } = stage;
    const spec = { ...resource.spec, ingestion: { type: 'kafka', ...parts } };
    stage.resource = { ...resource, spec };
    const { calls } = await stage.pass();
    expect(calls).toEqual([]);
    expect(conditionsOf(stage)).toMatchObject({ Stalled: 'True SpecInvalid' });
    expect(stage.condition('Ready')?.message).toContain('more than 64 levels');
  });
});
