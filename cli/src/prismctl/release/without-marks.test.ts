import type { KubeObject } from '@capstan/kube';
import { expect, test } from 'vitest';
import { isOf } from './former-children.ts';
import { withoutMarks } from './without-marks.ts';

const owner = { apiVersion: 'prism.io/v1alpha1', kind: 'PrismCluster', name: 'pay', uid: 'u1', controller: true };
const other = { apiVersion: 'v1', kind: 'ConfigMap', name: 'c', uid: 'u2' };

function someObject(metadata: Partial<KubeObject['metadata']>): KubeObject {
  const base = { name: 'prism-proxy', namespace: 'prism', uid: 'x', resourceVersion: '7' };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { ...base, ...metadata } };
}

test('our marks go in one patch of the version that was read, and what others wrote stays', () => {
  const object = someObject({
    annotations: { 'prism.io/applied': 'h', 'prism.io/kept': 'true', team: 'edge' },
    labels: { 'app.kubernetes.io/managed-by': 'prism-operator', 'prism.io/part': 'proxy', app: 'prism-proxy' },
    ownerReferences: [owner, other],
    managedFields: [{ manager: 'prism-operator' }, { manager: 'kubectl' }],
  });
  expect(withoutMarks(object, 'pay')).toEqual({
    metadata: {
      ...{ uid: 'x', resourceVersion: '7' },
      annotations: { 'prism.io/applied': null, 'prism.io/kept': null },
      labels: { 'app.kubernetes.io/managed-by': null, 'prism.io/part': null },
      ownerReferences: [other],
      managedFields: [{ manager: 'kubectl' }],
    },
  });
});

test('a label of somebody else stays', () => {
  const labels = { 'app.kubernetes.io/managed-by': 'Helm' };
  expect(withoutMarks(someObject({ labels, managedFields: [{ manager: 'helm' }] }), 'pay')).toBeUndefined();
});

test('where nobody else is left in managedFields they are emptied', () => {
  expect(withoutMarks(someObject({ managedFields: [{ manager: 'prism-operator' }] }), 'pay')).toMatchObject({
    metadata: { managedFields: [{}] },
  });
});

const marked = { annotations: { 'prism.io/applied': 'h' }, labels: { 'app.kubernetes.io/instance': 'pay' } };
test.each<[string, Partial<KubeObject['metadata']>, boolean]>([
  ['with the cluster as its owner', { ownerReferences: [owner] }, true],
  ['with another cluster of that name as its owner', { ownerReferences: [{ ...owner, uid: 'u9' }] }, false],
  [
    'with another controller, although it bears marks',
    { ...marked, ownerReferences: [{ ...other, controller: true }] },
    false,
  ],
  ['without an owner, with our marks', marked, true],
  [
    'without an owner, with marks of another cluster',
    { ...marked, labels: { 'app.kubernetes.io/instance': 'a' } },
    false,
  ],
  ['that is kept for it', { annotations: { 'prism.io/retained-for': 'pay' } }, true],
  [
    'that is kept for another',
    { ...marked, annotations: { 'prism.io/applied': 'h', 'prism.io/retained-for': 'a' } },
    false,
  ],
  ['without any of it', {}, false],
])('an object %s is of the cluster: %s', (_title, metadata, expected) => {
  expect(isOf(someObject(metadata), { name: 'pay', uid: 'u1' })).toBe(expected);
});
