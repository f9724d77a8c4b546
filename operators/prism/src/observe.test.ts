import type { KubeObject, Pod } from '@capstan/kube';
import { FakeClock } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { aCluster, aWorkload, type SpecInput } from './a-cluster.fixture.ts';
import { aPass } from './a-pass.fixture.ts';
import { LeadershipWatch } from './admin/leadership-watch.ts';
import type { PrismClusterStatus } from './api/v1alpha1/prism-cluster.ts';
import { afterwards, observe } from './observe.ts';
import { SecretContents } from './secrets/secret-contents.ts';

interface Sight {
  readonly spec?: SpecInput;
  readonly status?: PrismClusterStatus;
  readonly objects?: readonly KubeObject[];
  readonly isRehearsal?: boolean;
}

async function seen({ spec = {}, status, ...pass }: Sight) {
  let asked = 0;
  const metrics = {
    ask: ({ pod }: { readonly pod: string }) => {
      asked += 1;
      return Promise.resolve(`prism_admin_raft_state ${pod.endsWith('-2') ? 2 : 0}\n`);
    },
  };
  const leaders = new LeadershipWatch(metrics, new FakeClock());
  const outside = { leaders, contents: new SecretContents(), random: (bytes: number) => new Uint8Array(bytes) };
  const cluster = aCluster({ spec, ...(status !== undefined && { status }) });
  return { ...(await observe(cluster, aPass(pass), outside)), asked };
}

function aMember(ordinal: number, { ready = 'True', instance = 'orders', ip = `10.0.0.${ordinal}` } = {}): Pod {
  const labels = { 'app.kubernetes.io/instance': instance, 'app.kubernetes.io/component': 'prism-admin' };
  return {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: { name: `orders-prism-admin-${ordinal}`, namespace: 'shop', labels },
    status: { podIP: ip, conditions: [{ type: 'Ready', status: ready }] },
  };
}

/** A claim as the cache has those that StatefulSets make: with little more than its name. */
const aClaim = (name: string): KubeObject => ({
  ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name, namespace: 'shop' } },
});

const ofAnother = (object: KubeObject): KubeObject => ({
  ...object,
  metadata: {
    ...object.metadata,
    ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: 'x', uid: 'other', controller: true }],
  },
});
const going = (object: KubeObject): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
});
function scaledTo(replicas: number, peers: string): KubeObject {
  const env = [{ name: 'PRISM_PEERS', value: peers }];
  const spec = { replicas, template: { spec: { containers: [{ name: 'prism-admin', env }] } } };
  return { ...aWorkload('StatefulSet', 'orders-prism-admin', { wanted: replicas }), ...{ spec } };
}
const orphaned = (object: KubeObject, managedBy: string): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, ownerReferences: [], labels: { 'app.kubernetes.io/managed-by': managedBy } },
});

describe('what a pass sees of the workloads of a cluster', () => {
  const redis = aWorkload('StatefulSet', 'orders-redis');
  const spec = { backends: { redis: { auth: 'None' } } } as const;

  it.each([
    ['its own', redis, true],
    ['those that a deleted one of its name has left', orphaned(redis, 'prism-operator'), true],
    ["not somebody else's of the same name", ofAnother(redis), false],
    ['not one that a person made', orphaned(redis, 'helm'), false],
  ])('is %s', async (_which, object, expected) => {
    const { workloads } = await seen({ spec, objects: [object] });
    expect(workloads.has('redis')).toBe(expected);
  });
});

describe('the number of members that prism-admin was made with', () => {
  it.each([
    ['is 0 before there is any', {}, 0],
    ['is remembered in the status', { status: { bootstrappedAdminReplicas: 3 } }, 3],
    [
      'is seen where the status was lost',
      { objects: [aWorkload('StatefulSet', 'orders-prism-admin', { wanted: 5 })] },
      5,
    ],
    ['is one where it is a Deployment', { objects: [aWorkload('Deployment', 'orders-prism-admin')] }, 1],
    [
      'is told by the volumes that a cluster of this name has left',
      { objects: [1, 2, 3].map((member) => aClaim(`data-orders-prism-admin-${member}`)) },
      3,
    ],
    [
      'is one where the volume of a single one is left',
      { spec: { admin: { replicas: 3 } }, objects: [aClaim('orders-prism-admin-data')] },
      1,
    ],
    [
      'is that which is asked for, of volumes of both kinds',
      { objects: [aClaim('orders-prism-admin-data'), aClaim('data-orders-prism-admin-3')] },
      1,
    ],
    [
      'is that of the last bootstrap, of volumes of several',
      { objects: ['orders-prism-admin-data', 'data-1-orders-prism-admin-3'].map(aClaim) },
      3,
    ],
    [
      'is that of the group, whose pods somebody has scaled',
      { objects: [scaledTo(1, '1=a:1,2=b:1,3=c:1,4=d:1,5=e:1')] },
      5,
    ],
    ['is one of those that there can be', { objects: [aClaim('data-orders-prism-admin-2')] }, 3],
    ['is one of those that there can be, of four too', { objects: [aClaim('data-orders-prism-admin-4')] }, 5],
    ['is not told by a volume of one that there cannot be', { objects: [aClaim('data-orders-prism-admin-7')] }, 0],
    [
      'is not told by a volume that goes with another one',
      { objects: [ofAnother(aClaim('orders-prism-admin-data'))] },
      0,
    ],
    ['is not told by a volume that is being deleted', { objects: [going(aClaim('data-orders-prism-admin-1'))] }, 0],
    [
      'is not told by a volume of more epochs than there can be',
      { objects: ['orders-prism-admin-data', 'data-9007199254740992-orders-prism-admin-3'].map(aClaim) },
      1,
    ],
  ])('%s', async (_title, sight, expected) => {
    expect((await seen(sight)).bootstrapped).toBe(expected);
  });
});

describe('who leads prism-admin', () => {
  const group = { spec: { admin: { replicas: 3 } } };

  it('is asked of the members that are ready, and of those of this cluster only', async () => {
    const objects = [aMember(1), aMember(2), aMember(3, { ready: 'False' }), aMember(4, { instance: 'others' })];
    const { leadership, asked } = await seen({ ...group, objects });
    expect([leadership, asked]).toEqual([{ kind: 'One', leader: 'orders-prism-admin-2' }, 2]);
  });

  it('is a single member once it is ready, without asking it', async () => {
    const { leadership, asked } = await seen({ objects: [aMember(1)] });
    expect([leadership, asked]).toEqual([{ kind: 'One', leader: 'orders-prism-admin-1' }, 0]);
  });

  it('is not asked in a preview', async () => {
    const { leadership, asked } = await seen({ ...group, objects: [aMember(1), aMember(2)], isRehearsal: true });
    expect([leadership.kind, asked]).toEqual(['Unknown', 0]);
  });
});

describe('an outage of NATS', () => {
  it('is seen when no server is ready that was', async () => {
    const nats = aWorkload('StatefulSet', 'orders-nats', { available: 0 });
    const backendStatus = [{ name: 'nats', ready: true, replicas: 1, availableReplicas: 1 }];
    const { natsOutage } = await seen({ spec: { backends: { nats: {} } }, status: { backendStatus }, objects: [nats] });
    expect(natsOutage).toEqual({ since: '2026-01-01T00:00:00Z' });
  });

  const spec = { backends: { nats: { replicas: 3 } } };
  const servers = (available: number) => aWorkload('StatefulSet', 'orders-nats', { wanted: 3, available });

  it('is seen when its servers go one after the other', async () => {
    const backendStatus = [{ name: 'nats', ready: false, replicas: 3, availableReplicas: 2 }];
    const { natsOutage } = await seen({ spec, status: { backendStatus }, objects: [servers(0)] });
    expect(natsOutage).toEqual({ since: '2026-01-01T00:00:00Z' });
  });

  it('is seen when it begins while children are applied', async () => {
    const before = await seen({ spec, objects: [servers(3)] });
    const after = afterwards(aCluster({ spec }), before, aPass({ objects: [servers(0)] }));
    expect([before.natsOutage, after.natsOutage]).toEqual([undefined, { since: '2026-01-01T00:00:00Z' }]);
  });

  it('is none of a NATS that has not started yet', async () => {
    const backendStatus = [{ name: 'nats', ready: false, replicas: 3, availableReplicas: 0 }];
    const { natsOutage } = await seen({ spec, status: { backendStatus }, objects: [servers(0)] });
    expect(natsOutage).toBeUndefined();
  });
});

describe('a spec that is not of the right shape', () => {
  it('is not read, and nobody is asked for anything', async () => {
    const objects = [aMember(1), aMember(2)];
    const { workloads, asked } = await seen({ spec: { admin: { replicas: 2 } }, objects });
    expect([workloads.size, asked]).toEqual([0, 0]);
  });
});

describe('the credentials of a backend of which a volume is left', () => {
  it('are not made anew', async () => {
    const spec = { backends: { postgres: {}, kafka: {} } };
    const { secrets } = await seen({ spec, objects: [aClaim('data-orders-postgres-0')] });
    expect(secrets.findings.get('postgres')).toMatchObject({ kind: 'Unusable', reason: 'SecretMissing' });
    expect(secrets.findings.get('kafka')).toMatchObject({ kind: 'Usable' });
  });
});
