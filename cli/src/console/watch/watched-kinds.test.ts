import { ConfigMap, Deployment, kindNameOf, type Pod, type ResourceType, Secret, StatefulSet } from '@capstan/kube';
import { controller, owned, ownedWithStatus, type Resource } from '@capstan/runtime';
import { expect, test } from 'vitest';
import { leanObject, watchedKinds } from './watched-kinds.ts';

const Shop: ResourceType<Resource> = {
  group: 'shop.dev',
  version: 'v1',
  kind: 'Shop',
  plural: 'shops',
  namespaced: true,
};
const Till: ResourceType<Resource> = {
  group: 'shop.dev',
  version: 'v1',
  kind: 'Till',
  plural: 'tills',
  namespaced: true,
};
const Cert: ResourceType = { group: 'cert.dev', version: 'v1', kind: 'Cert', plural: 'certs', namespaced: true };

const declared = (kind: ResourceType<Resource>, ...owns: readonly ReturnType<typeof owned>[]) =>
  controller(kind, { name: kind.plural, owns, reconcile: () => Promise.reject(new Error('it is never run')) });

test('each kind is watched once, and contents only where they say how an object is', () => {
  const kinds = watchedKinds([
    declared(Shop, owned(ConfigMap), owned(Secret), owned(Deployment), ownedWithStatus(Cert), owned(Till)),
    declared(Till, owned(ConfigMap), ownedWithStatus(StatefulSet)),
  ]);
  const lines = kinds.map(({ type, isCustom, metadataOnly }) => {
    return [kindNameOf(type), ...(isCustom ? ['custom'] : []), ...(metadataOnly ? ['metadata'] : [])].join(' ');
  });
  expect(lines).toEqual([
    'Shop.shop.dev custom',
    'Till.shop.dev custom',
    'ConfigMap metadata',
    'Secret metadata',
    'Deployment.apps',
    'Cert.cert.dev',
    'StatefulSet.apps',
    'ReplicaSet.apps',
    'Pod',
    'PersistentVolumeClaim',
  ]);
});

test('little is held of a pod, and nothing twice', () => {
  const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
  const volumes = [
    { name: 'a', persistentVolumeClaim: { claimName: 'a-0' } },
    { name: 'b', emptyDir: {} },
  ];
  const containers = [{ name: 'c', image: 'i', env: [{ name: 'PASSWORD', value: 'hunter2' }] }];
  const pod: Pod = {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: { name: 'p', uid: 'u', managedFields: [], annotations: { [lastApplied]: '{}', mine: '1' } },
    spec: { containers, volumes, nodeName: 'node-1', serviceAccountName: 's' },
    status: { phase: 'Running' },
  };
  expect(leanObject(pod)).toEqual({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', uid: 'u', annotations: { mine: '1' } } },
    spec: { containers: [{ name: 'c' }], volumes: [volumes[0]], nodeName: 'node-1' },
    status: { phase: 'Running' },
  });
});
