import { seconds } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { aCluster } from '../a-cluster.fixture.ts';
import type { ErrandOutcome } from '../admin/control-plane/errand.ts';
import { aClusterWithPatterns, aNamespace, anAdminPod, NamespaceStage, patternSaying } from './a-namespace.fixture.ts';

const sample = {
  patterns: ['keyvalue', 'consumer'],
  isolation: 'namespace' as const,
  quota: { maxSessions: 1_000, maxRequestsPerSecond: 10_000 },
};

/** A namespace that prism-admin was told of. */
async function settled(spec: Parameters<typeof aNamespace>[1] = sample): Promise<NamespaceStage> {
  const stage = new NamespaceStage(aNamespace('sales', spec), [aClusterWithPatterns(), anAdminPod('admin-0')]);
  stage.answer();
  await stage.pass();
  stage.asked.length = 0;
  return stage;
}

describe('a namespace', () => {
  it('is handed over to prism-admin with all that the spec says, and is not ready before the answer', async () => {
    const stage = new NamespaceStage(aNamespace('sales', sample), [aClusterWithPatterns(), anAdminPod('admin-0')]);
    await stage.pass();
    expect(stage.asked).toMatchObject([
      {
        cluster: { namespace: 'shop', name: 'orders' },
        target: {
          address: 'orders-prism-admin.shop.svc:8981',
          proxy: { id: 'shop.orders', address: 'orders-prism-proxy.shop.svc:8980' },
        },
        request: {
          ...{ name: 'sales', requestingProxy: 'shop.orders', principal: 'shop/sales', patterns: sample.patterns },
          metadata: {
            ...{ isolation: 'namespace', patterns: 'consumer,keyvalue' },
            ...{ 'quota.maxSessions': '1000', 'quota.maxRequestsPerSecond': '10000' },
          },
        },
      },
    ]);
    expect(stage.conditions).toMatchObject({
      Ready: 'False Asking',
      Reconciling: 'True Asking',
      Synced: 'False Asking',
    });
    expect(stage.status.admin).toBeUndefined();
  });

  it('is ready once it was read back, and says what is not as one would expect', async () => {
    const stage = await settled();
    expect(stage.conditions).toEqual({
      Accepted: 'True SpecAccepted',
      AdminReachable: 'True Answers',
      ClusterFound: 'True Found',
      Deletable: 'False Unsupported',
      Isolated: 'False RunnersShared',
      PatternsKnown: 'True AllKnown',
      QuotaEnforced: 'False Unsupported',
      Ready: 'True UpToDate',
      Reconciling: 'False UpToDate',
      Stalled: 'False UpToDate',
      Synced: 'True ReadBack',
    });
    expect(stage.message('QuotaEnforced')).toContain('maxSessions, maxRequestsPerSecond');
    expect(stage.status.admin).toMatchObject({ epoch: 0, partition: 238, proxy: 'shop.orders' });
    expect(stage.events.map(({ reason }) => reason)).toEqual(['Told', 'UpToDate', 'Unsupported', 'RunnersShared']);
  });

  it('that is settled asks nothing, also of an operator that was started again, and says the same', async () => {
    const stage = await settled();
    const before = stage.status;
    await stage.pass();
    expect([stage.asked, stage.events]).toEqual([[], []]);
    expect(stage.status).toEqual(before);
  });

  it.each([
    ['its patterns change', { ...sample, patterns: ['keyvalue'] }],
    ['its isolation changes', { ...sample, isolation: 'none' as const }],
    ['its quota changes', { ...sample, quota: { maxSessions: 1 } }],
    ['its quota goes', { patterns: sample.patterns, isolation: sample.isolation }],
  ])('is told again when %s', async (_what, spec) => {
    const stage = await settled();
    stage.namespace = { ...aNamespace('sales', spec), status: stage.status };
    await stage.pass();
    expect(stage.asked).toHaveLength(1);
    expect(stage.asked[0]?.known).toBeUndefined();
  });

  it('is not told again when only what Kubernetes has to do changes', async () => {
    const stage = await settled();
    stage.namespace = { ...aNamespace('sales', { ...sample, dedicatedRunners: true }), status: stage.status };
    await stage.pass();
    expect(stage.asked).toEqual([]);
  });

  it('is looked for when prism-admin was started anew, and once only', async () => {
    const stage = await settled();
    stage.objects = [aClusterWithPatterns(), anAdminPod('admin-0', { restarts: 1 })];
    await stage.pass();
    expect(stage.asked).toMatchObject([{ known: { partition: 238, proxy: 'shop.orders' } }]);
    await stage.pass();
    expect(stage.asked).toHaveLength(1);
  });

  it('is not looked for while a member of prism-admin is away, but when all are there again', async () => {
    const stage = await settled();
    const cluster = aClusterWithPatterns({ admin: { replicas: 3 } });
    const members = ['admin-1', 'admin-2'].map((name) => anAdminPod(name));
    stage.objects = [cluster, ...members];
    await stage.pass();
    expect(stage.asked).toEqual([]);
    stage.objects = [cluster, ...members, anAdminPod('admin-3')];
    await stage.pass();
    expect(stage.asked).toHaveLength(1);
  });

  it('is told again when prism-admin was made anew, and has its epoch only when that was answered', async () => {
    const stage = await settled();
    stage.objects = [aClusterWithPatterns({}, { adminEpoch: 1 }), anAdminPod('admin-0')];
    stage.reply = { kind: 'Asking' };
    await stage.pass();
    expect([stage.asked[0]?.known, stage.status.admin?.epoch]).toEqual([undefined, 0]);
    stage.answer();
    await stage.pass();
    expect(stage.status.admin?.epoch).toBe(1);
    expect(stage.events.map(({ reason }) => reason)).toContain('Replayed');
  });

  it('waits without asking while too few members of prism-admin are ready', async () => {
    const stage = new NamespaceStage(aNamespace('sales'), [
      aClusterWithPatterns({ admin: { replicas: 3 } }),
      anAdminPod('admin-1'),
      anAdminPod('admin-2', { isReady: false }),
    ]);
    await stage.pass();
    expect(stage.asked).toEqual([]);
    expect(stage.conditions).toMatchObject({ Ready: 'False AdminNotReady', Reconciling: 'True AdminNotReady' });
    expect(stage.message('Synced')).toContain('1 of 3 pods ready');
  });

  it.each([
    [{ kind: 'WaitingForProxy', message: 'no proxy' }, 'True', 'Reconciling', 'True Answers'],
    [{ kind: 'NoLeader', message: 'none' }, 'True', 'Reconciling', 'False NoLeader'],
    [{ kind: 'Unreachable', message: 'gone' }, 'True', 'Reconciling', 'False Unreachable'],
    [{ kind: 'NotConfirmed', message: 'not shown' }, 'True', 'Reconciling', 'True Answers'],
    [{ kind: 'Refused', message: 'no' }, 'True', 'Stalled', 'True Answers'],
  ] as const)('tells of the answer %j, and tries again', async (outcome: ErrandOutcome, status, type, reachable) => {
    const stage = new NamespaceStage(aNamespace('sales'), [aClusterWithPatterns(), anAdminPod('admin-0')]);
    stage.reply = { kind: 'Answered', outcome, retryAfterMs: seconds(2) };
    await stage.pass();
    expect(stage.conditions).toMatchObject({
      [type]: `${status} ${outcome.kind}`,
      ...{ Synced: `False ${outcome.kind}`, AdminReachable: reachable },
    });
    expect(stage.recheckAfterMs).toBe(2_000);
  });

  it.each([
    ['OutOfSight', "another proxy's"],
    ['NotReadBack', 'proxyRegistration'],
  ] as const)('that was taken and cannot be read back is ready, and says so: %s', async (confirmation, text) => {
    const stage = new NamespaceStage(aNamespace('sales'), [aClusterWithPatterns(), anAdminPod('admin-0')]);
    stage.answer(confirmation);
    await stage.pass();
    expect(stage.conditions).toMatchObject({ Ready: 'True UpToDate', Synced: `True ${confirmation}` });
    expect(stage.message('Synced')).toContain(text);
  });

  it('registers no proxy where proxies do so themselves', async () => {
    const cluster = aClusterWithPatterns({ admin: { proxyRegistration: 'None' } });
    const stage = new NamespaceStage(aNamespace('sales'), [cluster, anAdminPod('admin-0')]);
    await stage.pass();
    expect(stage.asked).toMatchObject([{ request: { requestingProxy: 'prism-operator' } }]);
    expect(stage.asked[0]?.target.proxy).toBeUndefined();
  });

  it('cannot be told to a prism-admin whose profile has no gRPC port', async () => {
    const stage = new NamespaceStage(aNamespace('sales'), [
      aClusterWithPatterns({ profile: 'memo035' }),
      anAdminPod('admin-0'),
    ]);
    await stage.pass();
    expect([stage.asked, stage.conditions['Stalled']]).toEqual([[], 'True NoControlPlane']);
  });

  it('without its cluster waits, and leaves what it has as it is', async () => {
    const stage = await settled();
    stage.objects = [];
    await stage.pass();
    expect(stage.plan).toBeUndefined();
    expect(stage.conditions).toMatchObject({
      ...{
        Reconciling: 'True ClusterNotFound',
        ClusterFound: 'False ClusterNotFound',
        QuotaEnforced: 'False Unsupported',
      },
    });
    expect(stage.status.admin).toBeDefined();
  });

  it('names patterns that the cluster does not have', async () => {
    const stage = await settled({ patterns: ['keyvalue', 'claimcheck'] });
    expect(stage.conditions).toMatchObject({ Stalled: 'True PatternsUnknown', Synced: 'True ReadBack' });
    expect(stage.message('PatternsKnown')).toContain('no pattern claimcheck');
  });

  it.each([
    ['another namespace', aNamespace('bills'), 'PrismNamespace bills'],
    ['another cluster', aCluster({ name: 'other' }), 'PrismCluster other'],
  ])('limits nobody else: beside %s it makes no ResourceQuota, and says so', async (_what, neighbour, named) => {
    const namespace = aNamespace('sales', { quota: { resources: { pods: 3 } } });
    const stage = new NamespaceStage(namespace, [aClusterWithPatterns(), anAdminPod('admin-0'), neighbour]);
    await stage.pass();
    expect(stage.plan?.steps.flatMap(({ objects }) => objects)).toEqual([]);
    expect(stage.message('QuotaEnforced')).toContain(named);
    stage.objects = stage.objects.filter((each) => each !== neighbour);
    await stage.pass();
    expect(stage.conditions['QuotaEnforced']).toBe('True Made');
  });

  it('keeps its ResourceQuota when somebody comes later, and says whom it limits too', async () => {
    const stage = await settled({ quota: { resources: { pods: 3 } } });
    const [quota] = stage.planned('ResourceQuota');
    const ownerReferences = [
      { apiVersion: 'prism.io/v1alpha2', kind: 'PrismNamespace', name: 'sales', uid: 'uid-of-sales' },
    ];
    const live = {
      ...{ apiVersion: 'v1', kind: 'ResourceQuota' },
      metadata: { ...quota?.metadata, name: 'sales-prism-namespace', namespace: 'shop', ownerReferences },
    };
    stage.objects = [...stage.objects, live, ...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => aNamespace(name))];
    await stage.pass();
    expect(stage.planned('ResourceQuota')).toHaveLength(1);
    expect(stage.conditions['QuotaEnforced']).toBe('True Made');
    const first = ['a', 'b', 'c', 'd', 'e'].map((name) => `PrismNamespace ${name}`).join(', ');
    expect(stage.message('QuotaEnforced')).toMatch(new RegExp(`who came later: ${first} and others$`));
  });

  it('is alone beside one whose cluster is nowhere', async () => {
    const stage = await settled({ quota: { resources: { pods: 3 } } });
    stage.objects = [...stage.objects, aNamespace('decoy', { cluster: 'no-such' })];
    await stage.pass();
    expect(stage.conditions['QuotaEnforced']).toBe('True Made');
  });

  it('is told who else is there, and no event of each who comes after', async () => {
    const namespace = aNamespace('sales', { quota: { resources: { pods: 3 } } });
    const stage = new NamespaceStage(namespace, [aClusterWithPatterns(), anAdminPod('admin-0'), aNamespace('bills')]);
    await stage.pass();
    expect(stage.events.map(({ reason }) => reason)).toContain('NotUnambiguous');
    stage.objects = [...stage.objects, aNamespace('claims')];
    await stage.pass();
    expect(stage.message('QuotaEnforced')).toContain('PrismNamespace bills, PrismNamespace claims');
    expect(stage.events).toEqual([]);
  });

  it.each([
    [{ quota: { resources: { pods: 3 } } }, 'QuotaEnforced', 'spec.tenancy.allowResourceQuotas', 'True UpToDate'],
    [
      { patterns: ['keyvalue'], dedicatedRunners: true },
      'RunnersDedicated',
      'spec.tenancy.allowDedicatedRunners',
      'False NotAllowed',
    ],
  ] as const)(
    'that asks for %j where its cluster does not allow it says so: %s names %s',
    async (spec, type, field, ready) => {
      const stage = new NamespaceStage(aNamespace('sales', spec), [
        aClusterWithPatterns({ tenancy: {} }),
        anAdminPod('a'),
      ]);
      stage.answer();
      await stage.pass();
      expect([stage.conditions[type], stage.conditions['Ready']]).toEqual(['False NotAllowed', ready]);
      expect(stage.message(type)).toContain(field);
      expect(stage.plan?.steps.flatMap(({ objects }) => objects)).toEqual([]);
    },
  );

  it('is told again when its cluster was made anew under the same name', async () => {
    const stage = await settled();
    const cluster = aClusterWithPatterns();
    stage.objects = [{ ...cluster, metadata: { ...cluster.metadata, uid: 'another' } }, anAdminPod('admin-0')];
    await stage.pass();
    expect(stage.asked).toHaveLength(1);
    expect(stage.asked[0]?.known).toBeUndefined();
    expect([stage.status.admin?.clusterUid, stage.events.map(({ reason }) => reason)]).toEqual([
      'another',
      ['Replayed'],
    ]);
  });

  it('asks nobody in a preview', async () => {
    const stage = new NamespaceStage(aNamespace('sales'), [aClusterWithPatterns(), anAdminPod('admin-0')]);
    await stage.pass({ isRehearsal: true });
    expect([stage.asked, stage.forgotten, stage.plan]).toEqual([[], 0, expect.anything()]);
  });

  it('with a spec that is not sound does nothing', async () => {
    const namespace = aNamespace('sales');
    const bad = { ...namespace, spec: { ...namespace.spec, isolation: 'total' } };
    const stage = new NamespaceStage(bad as unknown as typeof namespace, [aClusterWithPatterns()]);
    await stage.pass();
    expect([stage.asked, stage.plan, stage.conditions['Stalled']]).toEqual([[], undefined, 'True SpecInvalid']);
  });
});

describe('runners of its own', () => {
  const own = { patterns: ['keyvalue'], dedicatedRunners: true, isolation: 'namespace' as const };

  /** After the PrismPattern that was made says this. */
  async function saying(conditions: Readonly<Record<string, string>>, message = '', generation = 1) {
    const stage = await settled(own);
    const made = stage.planned('PrismPattern').map((each) => patternSaying(each, conditions, message));
    const edited = made.map((each) => ({ ...each, metadata: { ...each.metadata, generation } }));
    stage.objects = [...stage.objects, ...edited];
    await stage.pass();
    return stage;
  }

  it('are not there because they were written down', async () => {
    const stage = await settled(own);
    expect(stage.conditions).toMatchObject({
      ...{ RunnersDedicated: 'False Waiting', Isolated: 'False Waiting', Ready: 'False Waiting' },
      Reconciling: 'True Waiting',
    });
    expect(stage.events.map(({ type }) => type)).not.toContain('Warning');
  });

  it('are there when they run', async () => {
    const stage = await saying({ Ready: 'True', Stalled: 'False' });
    expect(stage.conditions).toMatchObject({
      ...{ RunnersDedicated: 'True Made', Isolated: 'True Fenced', Ready: 'True UpToDate' },
    });
  });

  it('are waited for while a change of them is under way', async () => {
    expect((await saying({ Ready: 'True' }, '', 2)).conditions['RunnersDedicated']).toBe('False Waiting');
  });

  it('that their cluster does not take make the namespace stand still, with what they say', async () => {
    const stage = await saying({ Ready: 'False', Stalled: 'True' }, 'PrismCluster orders has 50 patterns already.');
    expect(stage.conditions).toMatchObject({
      ...{ RunnersDedicated: 'False RunnersStalled', Isolated: 'False RunnersStalled' },
      Stalled: 'True RunnersStalled',
    });
    expect(stage.message('Ready')).toBe(
      'PrismPattern sales-keyvalue does not run: PrismCluster orders has 50 patterns already',
    );
  });
});
