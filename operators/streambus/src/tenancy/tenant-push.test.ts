import { BrokerStandIns, type ClusterStandIn } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BrokerAdmin, brokerAdmin } from '../brokers/broker-admin.ts';
import type { EffectiveQuotas } from './quotas.ts';
import { type BrokerProcess, TenantPush } from './tenant-push.ts';

const signal = new AbortController().signal;
const quotas: EffectiveQuotas = {
  defaults: { maxTopics: 100, maxBandwidthMBps: 2 },
  tenants: [{ tenantId: 'premium', quotas: { maxTopics: 500, maxBandwidthMBps: 2, maxStorageGB: 3 } }],
};

let standIns: BrokerStandIns;
beforeAll(async () => {
  standIns = await BrokerStandIns.start();
});
afterAll(() => standIns[Symbol.asyncDispose]());

function processesOf(name: string, restarts = 0, count = 3): readonly BrokerProcess[] {
  return Array.from({ length: count }, (_, ordinal) => ({
    ...{ pod: `${name}-${ordinal}`, uid: `${name}-${ordinal}`, ip: '192.0.2.1', httpPort: 8081, restarts },
    host: `${name}-${ordinal}.${name}-headless.shop.svc`,
  }));
}

/** The brokers of one cluster, which no other test has, and somebody who pushes. */
function scene(name: string, isServed = true) {
  const cluster = standIns.cluster('shop', name).hasTenantApi(isServed);
  const tenants = new TenantPush(brokerAdmin({ proxy: new URL(standIns.url), timeoutMs: 300 }));
  return { cluster, push: (what = quotas, brokers = processesOf(name)) => tenants.push(what, brokers, signal) };
}

const ofBroker = (cluster: ClusterStandIn, ordinal: number, id: string) =>
  cluster.pod(ordinal).tenants.find(id)?.Quotas;

describe('pushing tenants', () => {
  it('tells every broker, in its own names and units, and limits nothing that the spec does not', async () => {
    const { cluster, push } = scene('all');
    expect(await push()).toEqual({ kind: 'Served' });
    for (const ordinal of [0, 1, 2])
      expect(ofBroker(cluster, ordinal, 'premium')).toEqual({
        ...{ MaxTopics: 500, MaxBytesPerSecond: 2_097_152, MaxStorageBytes: 3_221_225_472 },
        ...{ MaxMessagesPerSecond: -1, MaxConnections: -1, MaxPartitions: -1, MaxProducers: -1, MaxConsumers: -1 },
        ...{ MaxConsumerGroups: -1, MaxRequestsPerSecond: -1, MaxRetentionHours: -1 },
      });
    expect(ofBroker(cluster, 0, 'default')).toMatchObject({ MaxTopics: 100, MaxStorageBytes: -1 });
  });

  it('asks nobody while nothing changes', async () => {
    const { cluster, push } = scene('quiet');
    await push();
    const before = cluster.asked;
    expect([await push(), cluster.asked]).toEqual([{ kind: 'Served' }, before]);
  });

  it('tells a broker again after its restart, and the others not', async () => {
    const { cluster, push } = scene('restarted');
    await push();
    cluster.pod(1).restarted();
    const others = [cluster.pod(0).asked, cluster.pod(2).asked];
    const [zero, , two] = processesOf('restarted');
    const [, one] = processesOf('restarted', 1);
    await push(
      quotas,
      [zero, one, two].filter((each) => each !== undefined),
    );
    expect([ofBroker(cluster, 1, 'premium')?.MaxTopics, [cluster.pod(0).asked, cluster.pod(2).asked]]).toEqual([
      500,
      others,
    ]);
  });

  it('changes the tenants that a broker has', async () => {
    const { cluster, push } = scene('changed');
    await push();
    expect(await push({ ...quotas, defaults: { maxTopics: 7 } })).toEqual({ kind: 'Served' });
    expect(ofBroker(cluster, 2, 'default')).toMatchObject({ MaxTopics: 7, MaxBytesPerSecond: -1 });
  });

  it('holds a tenant that the spec names no more to what holds for everybody', async () => {
    const { cluster, push } = scene('dropped');
    await push();
    await push({ ...quotas, tenants: [] });
    expect(ofBroker(cluster, 0, 'premium')).toMatchObject({ MaxTopics: 100, MaxStorageBytes: -1 });
  });

  it('takes a tenant by the name of the one for everybody else', async () => {
    const { cluster, push } = scene('defaulted');
    const tenants = [{ tenantId: 'default', quotas: { maxTopics: 9 } }];
    expect(await push({ ...quotas, tenants })).toEqual({ kind: 'Served' });
    expect(ofBroker(cluster, 0, 'default')?.MaxTopics).toBe(9);
  });
});

describe('brokers that take no tenants', () => {
  it('say so once, and are not asked again before they restart', async () => {
    const { cluster, push } = scene('today', false);
    expect([await push(), await push({ ...quotas, tenants: [] })]).toEqual([{ kind: 'Absent' }, { kind: 'Absent' }]);
    expect(cluster.asked).toEqual({ 'GET /api/v1/tenants': 3 });
    await push(quotas, processesOf('today', 1));
    expect(cluster.asked).toEqual({ 'GET /api/v1/tenants': 6 });
  });

  it('are not known of while one does not answer, and are asked again', async () => {
    const { cluster, push } = scene('hanging');
    cluster.pod(1).is('hanging');
    expect(await push()).toEqual({ kind: 'Unknown', why: 'hanging-1: no answer within 300 ms' });
    cluster.pod(1).is('answering');
    expect(await push()).toEqual({ kind: 'Served' });
  });

  it('are not known of before any accepts clients', async () => {
    const { push } = scene('starting');
    expect(await push(quotas, [])).toEqual({ kind: 'Unknown', why: 'no broker accepts clients yet' });
  });

  it.each([
    ['lists none', 503, 201, 'orders-0 answers /api/v1/tenants with status 503'],
    ['refuses one', 200, 500, 'orders-0 refuses tenant default with status 500'],
  ])('are not known of where one %s', async (_what, listing, making, why) => {
    const admin: BrokerAdmin = {
      ask: (_, { method }) => Promise.resolve({ status: method === 'GET' ? listing : making, body: { tenants: [] } }),
    };
    expect(await new TenantPush(admin).push(quotas, processesOf('orders', 0, 1), signal)).toEqual({
      kind: 'Unknown',
      why,
    });
  });
});
