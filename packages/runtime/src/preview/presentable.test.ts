import type { KubeObject } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { presentable } from './presentable.ts';

const names = { sealAnnotation: 'test.dev/applied', liveAnnotation: 'test.dev/applied-live' };

function secret(data: object, more: object = {}): KubeObject {
  const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data, ...more };
  return object;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('what is shown of an object', () => {
  it('leaves out what the server and the engine write', () => {
    const live = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'c',
        namespace: 'n',
        uid: 'u',
        resourceVersion: '1',
        generation: 1,
        creationTimestamp: '2026-01-01T00:00:00Z',
        managedFields: [],
        annotations: { 'test.dev/applied': 'x', 'test.dev/applied-live': 'y', mine: 'z' },
        ownerReferences: [{ apiVersion: 'a/v1', kind: 'A', name: 'a', uid: 'u', controller: true }],
      },
      data: { a: '1' },
      status: { ready: true },
    };
    expect(presentable(live, names)).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'c',
        namespace: 'n',
        annotations: { mine: 'z' },
        ownerReferences: [{ apiVersion: 'a/v1', kind: 'A', name: 'a', controller: true }],
      },
      data: { a: '1' },
    });
  });

  it('has a hash in place of each value of a Secret, the same for the same value in either form', () => {
    const encoded = presentable(secret({ password: base64('hunter2') }), names);
    const plain = presentable(secret({}, { stringData: { password: 'hunter2' } }), names);
    expect(encoded).toEqual(plain);
    expect(JSON.stringify(encoded)).toMatch(/hash:[0-9a-f]{8} \(7 bytes\)/);
    expect(encoded).not.toEqual(presentable(secret({ password: base64('hunter3') }), names));
  });

  it('leaves out the copy of a Secret that kubectl keeps in an annotation', () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{"stringData":{"password":"hunter2"}}' };
    expect(JSON.stringify(presentable({ ...secret({}), metadata: { name: 's', annotations } }, names))).not.toContain(
      'hunter2',
    );
  });
});
