import { expect, it } from 'vitest';
import { replacingPatch } from './replacing-patch.ts';

const head = { apiVersion: 'v1', kind: 'ConfigMap' };

it('sets what the new object has and removes what it has not, but for the status and what only the server writes', () => {
  const before = {
    ...head,
    metadata: { name: 'a', resourceVersion: '1', labels: { x: '1' }, finalizers: ['f'] },
    data: { a: '1' },
    binaryData: { b: 'AA==' },
    status: { said: 'x' },
  };
  const after = {
    ...head,
    metadata: { name: 'a', uid: 'other', labels: { y: '2' } },
    data: { c: '3' },
    immutable: true,
  };
  expect(replacingPatch(before, after)).toEqual({
    kind: 'json',
    operations: [
      { op: 'add', path: '/metadata/labels', value: { y: '2' } },
      { op: 'remove', path: '/metadata/finalizers' },
      { op: 'add', path: '/data', value: { c: '3' } },
      { op: 'remove', path: '/binaryData' },
      { op: 'add', path: '/immutable', value: true },
    ],
  });
});
