import {
  ConfigMap,
  Deployment,
  type KubeObject,
  type ObjectMeta,
  PersistentVolumeClaim,
  Pod,
  ReplicaSet,
  type ResourceType,
} from '@capstan/kube';
import { describe, expect, test } from 'vitest';
import type { TreeNode } from './api.ts';
import { type SeenKind, treesOf } from './trees.ts';

const Shop: ResourceType = { group: 'shop.dev', version: 'v1', kind: 'Shop', plural: 'shops', namespaced: true };

function object(
  type: ResourceType,
  name: string,
  owner?: string,
  rest: object = {},
  metadata: Partial<ObjectMeta> = {},
): KubeObject {
  const apiVersion = type.group === '' ? type.version : `${type.group}/${type.version}`;
  const ownerReferences = [{ apiVersion: 'x/v1', kind: 'X', name: 'x', uid: owner ?? '', controller: true }];
  return {
    ...{ apiVersion, kind: type.kind },
    metadata: {
      namespace: 'n',
      name,
      uid: `${type.kind}/${name}`,
      ...(owner !== undefined && { ownerReferences }),
      ...metadata,
    },
    ...rest,
  };
}

const kind = (type: ResourceType, ...objects: readonly KubeObject[]): SeenKind => ({
  type,
  objects,
  isCustom: type === Shop,
});

/** `Shop/a[Deployment/b[ReplicaSet/c]]`. */
function outline({ ref, children }: TreeNode): string {
  return `${ref.kind}/${ref.name}${children.length === 0 ? '' : `[${children.map(outline).join(' ')}]`}`;
}

const outlines = (...kinds: readonly SeenKind[]) => treesOf(kinds).map(outline);

describe('the tree of a custom resource', () => {
  test('follows controllers by UID, through what Kubernetes makes, workloads first and by number', () => {
    expect(
      outlines(
        kind(Shop, object(Shop, 'a')),
        kind(
          ConfigMap,
          object(ConfigMap, 'b', 'Shop/a'),
          object(ConfigMap, 'of-nobody'),
          object(ConfigMap, 'other', 'Shop/z'),
        ),
        kind(Deployment, object(Deployment, 'web', 'Shop/a', { spec: {}, status: {} })),
        kind(ReplicaSet, object(ReplicaSet, 'web-1', 'Deployment/web', { spec: { replicas: 2 }, status: {} })),
        kind(Pod, object(Pod, 'web-1-10', 'ReplicaSet/web-1'), object(Pod, 'web-1-9', 'ReplicaSet/web-1')),
      ),
    ).toEqual(['Shop/a[Deployment/web[ReplicaSet/web-1[Pod/web-1-9 Pod/web-1-10]] ConfigMap/b]']);
  });

  test('leaves out ReplicaSets of earlier templates, but not while they have pods', () => {
    const empty = { spec: { replicas: 0 }, status: {} };
    expect(
      outlines(
        kind(Shop, object(Shop, 'a')),
        kind(Deployment, object(Deployment, 'web', 'Shop/a')),
        kind(
          ReplicaSet,
          object(ReplicaSet, 'web-1', 'Deployment/web', empty),
          object(ReplicaSet, 'web-2', 'Deployment/web', empty),
        ),
        kind(Pod, object(Pod, 'web-2-x', 'ReplicaSet/web-2')),
      ),
    ).toEqual(['Shop/a[Deployment/web[ReplicaSet/web-2[Pod/web-2-x]]]']);
  });

  test('has the claims that a pod alone uses below the pod, each once', () => {
    const volumes = ['data-db-0', 'shared'].map((claimName) => ({
      name: claimName,
      persistentVolumeClaim: { claimName },
    }));
    expect(
      outlines(
        kind(Shop, object(Shop, 'a')),
        kind(Pod, object(Pod, 'db-0', 'Shop/a', { spec: { containers: [], volumes } })),
        kind(
          PersistentVolumeClaim,
          object(PersistentVolumeClaim, 'data-db-0'),
          object(PersistentVolumeClaim, 'shared'),
        ),
      ),
    ).toEqual(['Shop/a[Pod/db-0[PersistentVolumeClaim/data-db-0]]']);
  });

  test('is a tree of its own, also when another resource owns it or they own each other', () => {
    expect(outlines(kind(Shop, object(Shop, 'b', 'Shop/a'), object(Shop, 'a', 'Shop/b')))).toEqual([
      'Shop/a',
      'Shop/b',
    ]);
  });

  test('is not entered by what only says that it owns itself', () => {
    const circle = kind(ConfigMap, object(ConfigMap, 'x', 'ConfigMap/y'), object(ConfigMap, 'y', 'ConfigMap/x'));
    expect(outlines(kind(Shop, object(Shop, 'a')), circle)).toEqual(['Shop/a']);
  });

  test('ignores owners that are no controllers', () => {
    const ownerReferences = [{ apiVersion: 'x/v1', kind: 'X', name: 'x', uid: 'Shop/a' }];
    const owned = object(ConfigMap, 'b', undefined, {}, { ownerReferences });
    expect(outlines(kind(Shop, object(Shop, 'a')), kind(ConfigMap, owned))).toEqual(['Shop/a']);
  });

  test('stands in the order of kind, namespace and name', () => {
    const shops = ['b', 'a10', 'a9'].map((name) => object(Shop, name));
    const elsewhere = { ...object(Shop, 'z'), metadata: { namespace: 'm', name: 'z', uid: 'z' } };
    expect(outlines(kind(Shop, ...shops, elsewhere))).toEqual(['Shop/z', 'Shop/a9', 'Shop/a10', 'Shop/b']);
  });
});

test('a workload that waits for a pod that crashes is failing, one that is ready without it is not', () => {
  const crashing = { name: 'c', ready: false, restartCount: 3, state: { waiting: { reason: 'CrashLoopBackOff' } } };
  const seen = (available: number) => [
    kind(Shop, object(Shop, 'a')),
    kind(
      Deployment,
      object(Deployment, 'web', 'Shop/a', {
        spec: { replicas: 1 },
        status: { replicas: 1, updatedReplicas: 1, availableReplicas: available },
      }),
    ),
    kind(Pod, object(Pod, 'web-x', 'Deployment/web', { spec: {}, status: { containerStatuses: [crashing] } })),
  ];
  const health = (available: number) => treesOf(seen(available))[0]?.children[0]?.health;
  expect([health(0), health(1)]).toEqual(['failing', 'healthy']);
});
