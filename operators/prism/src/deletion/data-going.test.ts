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

  it('is applied without an owner, and otherwise as it is', async () => {
    const claim = {
      ...object('PersistentVolumeClaim', 'orders-prism-admin-data', ownedBy('2f6a')),
      spec: { volumeName: 'v' },
    };
    const { objects } = await dataGoing(cluster, aPass({ objects: [claim] }));
    expect(objects).toMatchObject([{ retain: true, object: { spec: { volumeName: 'v' } } }]);
  });

  const claim = object('PersistentVolumeClaim', 'data-orders-redis-0', ownedBy('set'));
  it.each([
    ['its StatefulSet has not read the policy', [set('Retain', { seen: 0 })], ['StatefulSet/orders-redis']],
    ['it still belongs to a StatefulSet', [set('Retain'), claim], ['PersistentVolumeClaim/data-orders-redis-0']],
    ['nothing of it is left to go', [set('Retain'), object('PersistentVolumeClaim', 'data-orders-redis-0')], []],
  ])('is waited for while %s', async (_when, objects, waitsFor) => {
    expect(await going(...objects)).toEqual({ applied: [], waitsFor });
  });
});

describe('a cluster that is deleted', () => {
  const former = [
    object('PersistentVolumeClaim', 'orders-prism-admin-data'),
    object('PersistentVolumeClaim', 'data-1-orders-prism-admin-3'),
    object('PersistentVolumeClaim', 'data-2-orders-prism-admin-1', ownedBy('set')),
    object('PersistentVolumeClaim', 'data-orders-redis-0'),
    object('PersistentVolumeClaim', 'data-1-others-prism-admin-1'),
  ];

  it.each([
    [
      'Delete',
      [
        'remove PersistentVolumeClaim/orders-prism-admin-data uid-orders-prism-admin-data',
        'remove PersistentVolumeClaim/data-1-orders-prism-admin-3 uid-data-1-orders-prism-admin-3',
      ],
    ],
    ['Retain', []],
  ] as const)(
    'with the policy %s takes along former volumes of its prism-admin: %j',
    async (deletionPolicy, removed) => {
      const pass = aPass({ objects: former });
      expect(await dataFinalizer.run(aCluster({ spec: { deletionPolicy } }), pass)).toBe('Done');
      expect(pass.asked.filter((each) => each.startsWith('remove'))).toEqual(removed);
    },
  );

  it.each([
    ['Delete', true],
    ['Retain', false],
  ] as const)('is held for its data where its policy is %s: %s', (deletionPolicy, isHeld) => {
    expect(dataFinalizer.isWanted?.(aCluster({ spec: { deletionPolicy } }))).toBe(isHeld);
  });
});
