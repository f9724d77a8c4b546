import type { KubeObject, Pod, StatefulSet } from '@capstan/kube';
import { FakeClock } from '@capstan/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aCluster, aStatefulSet } from './a-cluster.fixture.ts';
import { aPass } from './a-pass.fixture.ts';
import { StreamBusCluster } from './api/v1alpha1/stream-bus-cluster.ts';
import type { BrokerAdmin } from './brokers/broker-admin.ts';
import { LeadershipWatch } from './brokers/leadership-watch.ts';
import { type Outside, observe, updateRevisionOf } from './observe.ts';
import { SecretCheck } from './secrets/secret-check.ts';
import { TenantPush } from './tenancy/tenant-push.ts';

const cluster = aCluster();

function ownedBy(uid: string): StatefulSet {
  const statefulSet = aStatefulSet(cluster);
  const owner = {
    apiVersion: 'streambus.io/v1alpha1',
    kind: 'StreamBusCluster',
    name: 'orders',
    uid,
    controller: true,
  };
  return { ...statefulSet, metadata: { ...statefulSet.metadata, ownerReferences: [owner] } };
}

function unlabelled(statefulSet: StatefulSet): StatefulSet {
  const { labels: _none, ...metadata } = statefulSet.metadata;
  return { ...statefulSet, metadata };
}

const silent: BrokerAdmin = { ask: () => Promise.reject(new Error('no answer')) };

function outside(admin: BrokerAdmin = silent): Outside {
  const leaders = new LeadershipWatch(admin, new FakeClock());
  return { leaders, tenants: new TenantPush(admin), secrets: new SecretCheck() };
}

/** The pod of a broker as the cache has it. */
function podOf(ordinal: number, { revision = 'orders-1', ready = 'True' } = {}): Pod {
  const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'orders', uid: 'set', controller: true };
  const labels = { 'controller-revision-hash': revision };
  return {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: { name: `orders-${ordinal}`, namespace: 'shop', uid: `uid-${ordinal}`, labels, ownerReferences: [owner] },
    status: {
      podIP: `10.0.0.${ordinal + 1}`,
      conditions: [{ type: 'Ready', status: ready, lastTransitionTime: '2026-01-01T00:00:00Z' }],
    },
  };
}

describe('what a pass sees of the StatefulSet', () => {
  const seen = async (...objects: readonly KubeObject[]) => {
    const { statefulSet, original } = await observe(cluster, aPass({ objects }), outside());
    return { statefulSet, original };
  };

  it('is that of the cluster', async () => {
    const own = ownedBy(cluster.metadata.uid ?? '');
    expect(await seen(own)).toEqual({ statefulSet: own });
  });

  it('is what the operator made, when its cluster went and left it behind', async () => {
    const orphan = aStatefulSet(cluster);
    expect(await seen(orphan)).toEqual({ statefulSet: orphan });
  });

  it('is apart from one of the first StreamBus operator', async () => {
    const own = ownedBy(cluster.metadata.uid ?? '');
    const spec = { ...own.spec, selector: { matchLabels: { 'app.kubernetes.io/name': 'streambus' } } };
    const original = { ...own, spec } as StatefulSet; // with another selector, and all the rest as it was
    expect(await seen(original)).toEqual({ original });
  });

  it.each([
    ['of another cluster', [ownedBy('another')]],
    ['of nobody, which the operator did not make', [unlabelled(aStatefulSet(cluster))]],
    ['at all', []],
  ])('is none %s', async (_whose, objects) => {
    expect(await seen(...objects)).toEqual({});
  });
});

describe('what a pass sees of the brokers', () => {
  const running = ownedBy(cluster.metadata.uid ?? '');
  /** Brokers of which the first leads; what was asked is noted. */
  const answering = () => {
    const asked: string[] = [];
    const admin: BrokerAdmin = {
      ask: ({ pod, host }, { path }) => {
        asked.push(`${host} ${path}`);
        return Promise.resolve({ status: 200, body: { controller_id: pod === 'orders-0' ? 1 : 0 } });
      },
    };
    return { asked, admin };
  };

  it('is every pod of theirs, by ordinal, and who leads', async () => {
    const { admin, asked } = answering();
    const pass = aPass({ objects: [running, podOf(2), podOf(0), podOf(1)] });
    const { pods, leadership } = await observe(cluster, pass, outside(admin));
    expect([pods.map(({ name }) => name), leadership]).toEqual([
      ['orders-0', 'orders-1', 'orders-2'],
      { kind: 'One', leader: 'orders-0' },
    ]);
    expect(asked.sort()).toEqual([0, 1, 2].map((n) => `orders-${n}.orders-headless.shop.svc /api/v1/cluster`));
  });

  it('is no answer of a broker whose client port is closed: it would print a panic', async () => {
    const { admin, asked } = answering();
    const pass = aPass({ objects: [running, podOf(0), podOf(1), podOf(2, { ready: 'False' })] });
    const { leadership } = await observe(cluster, pass, outside(admin));
    expect([asked.length, leadership]).toEqual([
      2,
      { kind: 'Unknown', cause: 'Unready', why: '1 of 3 brokers accept no clients', leader: 'orders-0' },
    ]);
  });

  it('is what was last heard while nothing is to be done about it, and asked anew while a roll-out runs', async () => {
    const { admin, asked } = answering();
    const eyes = outside(admin);
    const settled = [running, podOf(0), podOf(1), podOf(2)];
    const rolling = [running, podOf(0), podOf(1), podOf(2, { revision: 'orders-0' })];
    const counts: number[] = [];
    for (const objects of [settled, settled, rolling, rolling]) {
      await observe(cluster, aPass({ objects }), eyes);
      counts.push(asked.length);
    }
    expect(counts).toEqual([3, 3, 6, 9]);
  });

  it('is nobody asked where a single broker is all there is', async () => {
    const { admin, asked } = answering();
    const alone = aCluster({ spec: { replicas: 1 } });
    const objects = [aStatefulSet(alone), podOf(0)];
    const { leadership } = await observe(alone, aPass({ objects }), outside(admin));
    expect([asked, leadership]).toEqual([[], { kind: 'One', leader: 'orders-0' }]);
  });

  it('is nobody asked in a preview', async () => {
    const { admin, asked } = answering();
    const shared = aCluster({ spec: { multiTenancy: { enabled: true } } });
    const pass = aPass({ objects: [running, podOf(0), podOf(1), podOf(2)], isRehearsal: true });
    const { leadership } = await observe(shared, pass, outside(admin));
    expect([asked, leadership.kind]).toEqual([[], 'Unknown']);
  });

  it('is nothing that a spec of no shape at all names', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.constant(undefined), fc.jsonValue()), async (spec) => {
        const resource = JSON.parse(JSON.stringify({ ...aCluster(), spec }));
        const seen = await observe(StreamBusCluster.withDefaults(resource), aPass(), outside());
        expect(seen.pods).toEqual([]);
      }),
    );
  });
});

describe('the revision that pods are made from', () => {
  it('is not known before the StatefulSet controller has looked at the spec', () => {
    const seen = aStatefulSet(cluster, { updateRevision: 'orders-2' });
    const unseen = { ...seen, metadata: { ...seen.metadata, generation: 2 } };
    expect([updateRevisionOf(seen), updateRevisionOf(unseen), updateRevisionOf(undefined)]).toEqual([
      'orders-2',
      undefined,
      undefined,
    ]);
  });
});
