import type { KubeObject, StatefulSet } from '@capstan/kube';
import { childName, desiredOf } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { aCluster, aWorkload } from '../a-cluster.fixture.ts';
import { aPass } from '../a-pass.fixture.ts';
import { dataGoing } from './data-going.ts';
import { dataFinalizer } from './finalize-data.ts';

const cluster = aCluster({ spec: { deletionPolicy: 'Retain' } });
const ownedBy = (uid: string) => ({
  ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: 'x', uid, controller: true }],
});
const object = (kind: string, name: string, more: object = {}): KubeObject => ({
  ...{ apiVersion: 'v1', kind },
  metadata: { name, namespace: 'shop', uid: `uid-${name}`, ...more },
});

function set(whenDeleted: 'Retain' | 'Delete', { seen = 1 } = {}): StatefulSet {
  const made = aWorkload('StatefulSet', 'orders-redis') as StatefulSet; // the kind that was asked for
  return {
    ...made,
    metadata: { ...made.metadata, uid: 'set' },
    ...(made.spec && { spec: { ...made.spec, persistentVolumeClaimRetentionPolicy: { whenDeleted } } }),
    ...(made.status && { status: { ...made.status, observedGeneration: seen } }),
  };
}

async function going(...objects: readonly KubeObject[]) {
  const found = await dataGoing(cluster, aPass({ objects }));
  return { applied: found.objects.map((each) => childName(desiredOf(each))), waitsFor: found.waitsFor };
}

describe('data that would go with a cluster whose policy is Retain', () => {
  it('is that of its own, and nothing that can be made again or is of somebody else', async () => {
    const found = await going(
      set('Delete'),
      object('PersistentVolumeClaim', 'orders-prism-admin-data', ownedBy('2f6a')),
      object('PersistentVolumeClaim', 'others-data', ownedBy('other')),
      object('PersistentVolumeClaim', 'orders-kept'),
      object('Secret', 'orders-redis-credentials', ownedBy('2f6a')),
      object('Secret', 'orders-prism-hash-key', ownedBy('2f6a')),
      object('Secret', 'orders-keyvalue-runner-config', ownedBy('2f6a')),
      object('Secret', 'orders-nats-credentials', ownedBy('other')),
    );
    expect(found.applied).toEqual([
      'StatefulSet/orders-redis',
      'PersistentVolumeClaim/orders-prism-admin-data',
      'Secret/orders-prism-hash-key',
      'Secret/orders-redis-credentials',
    ]);
  });

  it.each([
    ['of the class that the operator named', 'prism-operator', { storageClassName: 'fast' }],
    ['of the class that somebody filled in', 'kube-controller-manager', {}],
  ])(
    'is applied without an owner, and with what the operator said of it only: a volume %s',
    async (_of, manager, said) => {
      const managedFields = [{ manager, operation: 'Apply', fieldsV1: { 'f:spec': { 'f:storageClassName': {} } } }];
      const resources = { requests: { storage: '2Gi' } };
      const filledIn = { storageClassName: 'fast', volumeMode: 'Filesystem', volumeName: 'v' };
      const claim = {
        ...object('PersistentVolumeClaim', 'orders-prism-admin-data', { ...ownedBy('2f6a'), managedFields }),
        spec: { accessModes: ['ReadWriteOnce'], resources, ...filledIn },
      };
      const { objects } = await dataGoing(cluster, aPass({ objects: [claim] }));
      const { apiVersion, kind } = claim;
      const metadata = { name: 'orders-prism-admin-data', namespace: 'shop' };
      const spec = { accessModes: ['ReadWriteOnce'], resources, ...said };
      expect(objects).toEqual([{ object: { apiVersion, kind, metadata, spec }, retain: true }]);
    },
  );

  const claim = object('PersistentVolumeClaim', 'data-orders-redis-0', ownedBy('set'));
  it.each([
    ['its StatefulSet has not read the policy', [set('Retain', { seen: 0 })], ['StatefulSet/orders-redis']],
    ['it still belongs to a StatefulSet', [set('Retain'), claim], ['PersistentVolumeClaim/data-orders-redis-0']],
    ['nothing of it is left to go', [set('Retain'), object('PersistentVolumeClaim', 'data-orders-redis-0')], []],
  ])('is waited for while %s', async (_when, objects, waitsFor) => {
    expect(await going(...objects)).toEqual({ applied: [], waitsFor });
  });
});

const ours = {
  labels: {
    'app.kubernetes.io/name': 'prism',
    'app.kubernetes.io/instance': 'orders',
    'app.kubernetes.io/component': 'prism-admin',
  },
};
const retained = { annotations: { 'prism.io/retained-for': 'orders' } };

/** A cluster that is being deleted and was bootstrapped anew twice. */
function leaving({ deletionPolicy = 'Delete' as 'Delete' | 'Retain', finalizers = [] as string[], status = {} } = {}) {
  const made = aCluster({
    spec: { deletionPolicy },
    status: { bootstrappedAdminReplicas: 1, adminEpoch: 2, ...status },
  });
  return { ...made, metadata: { ...made.metadata, finalizers: ['prism.io/data', ...finalizers] } };
}

async function removedBy(of: ReturnType<typeof leaving>, objects: readonly KubeObject[]) {
  const pass = aPass({ objects });
  expect(await dataFinalizer.run(of, pass)).toBe('Done');
  return pass.asked.map((each) => each.replace(/^remove PersistentVolumeClaim\/(\S+) .*/, '$1'));
}

describe('a cluster that is deleted', () => {
  const claim = (name: string, ...more: readonly object[]) =>
    object('PersistentVolumeClaim', name, Object.assign({}, ...more));
  const former = [
    claim('orders-prism-admin-data', retained),
    claim('data-1-orders-prism-admin-3', ours),
    claim('data-1-orders-prism-admin-2', ours, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    claim('data-1-orders-prism-admin-1', ours, ownedBy('set')),
    claim('data-1-orders-prism-admin-4'),
    claim('data-1-orders-prism-admin-5', { annotations: { 'prism.io/retained-for': 'others' } }),
    claim('orders-prism-admin-data-2', ours),
    claim('orders-prism-admin-data-3', ours),
    claim('data-orders-redis-0', ours),
    claim('data-1-others-prism-admin-1', ours),
  ];
  const told = 'event FormerVolumesDeleted: former volumes of prism-admin go with the cluster';
  const gone = [
    ...['orders-prism-admin-data', 'data-1-orders-prism-admin-3'],
    `${told}: orders-prism-admin-data, data-1-orders-prism-admin-3`,
  ];

  it.each([
    ['Delete', gone],
    ['Retain', []],
  ] as const)(
    'with the policy %s takes along what prism-admin was made with before, and tells so: %j',
    async (deletionPolicy, removed) => {
      expect(await removedBy(leaving({ deletionPolicy }), former)).toEqual(removed);
    },
  );

  const deployment = aWorkload('Deployment', 'orders-prism-proxy');
  const ownerless = { ...deployment, metadata: { ...deployment.metadata, ownerReferences: [] } };
  it.each([
    ['is to leave its children', leaving({ finalizers: ['orphan'] }), [...former, deployment], []],
    ['has left them already', leaving(), [...former, ownerless], []],
    ['takes them along', leaving(), [...former, deployment], gone],
  ] as const)('and %s takes along only what goes of itself', async (_how, of, objects, removed) => {
    expect(await removedBy(of, objects)).toEqual(removed);
  });

  it.each([
    ['was never bootstrapped anew', { adminEpoch: 0 }, [], []],
    ['is in its present epoch', {}, ['orders-prism-admin-data-2'], []],
    [
      'is to stop',
      { adminRebootstrap: { from: 1, to: 3, step: 'Stopping', since: '2026-01-01T00:00:00Z' } },
      ['orders-prism-admin-data-2'],
      ['orders-prism-admin-data-2', `${told}: orders-prism-admin-data-2`],
    ],
  ] as const)('while its prism-admin %s loses no volume in use', async (_when, status, retainedClaims, removed) => {
    const objects = [
      claim('data-2-orders-prism-admin-1', ours),
      claim('orders-prism-admin-data-3', retained),
      ...retainedClaims.map((name) => claim(name, retained)),
    ];
    expect(await removedBy(leaving({ status }), objects)).toEqual(removed);
  });

  it.each([
    ['Delete', true],
    ['Retain', false],
  ] as const)('is held for its data where its policy is %s: %s', (deletionPolicy, isHeld) => {
    expect(dataFinalizer.isWanted?.(aCluster({ spec: { deletionPolicy } }))).toBe(isHeld);
  });
});
