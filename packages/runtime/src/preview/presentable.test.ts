import type { KubeObject } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { presentable, shownWhole } from './presentable.ts';

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

  it('has a hash in place of the value of a variable whose name says that it is a secret, and no password in an address', () => {
    const env = [
      { name: 'S3_SECRET_KEY', value: 'minioadmin' },
      { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
      { name: 'REDIS_URL', value: 'redis://user:s3cr3t@redis:6379' },
      { name: 'RUST_LOG', value: 'info' },
    ];
    const containers = [{ name: 'runner', args: ['--to=nats://me:s3cr3t@nats:4222'], env }];
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers } };
    const shown = presentable(pod, names) as unknown as typeof pod; // the same shape
    expect(JSON.stringify(shown)).not.toMatch(/minioadmin|s3cr3t/);
    expect(shown.spec.containers[0]?.env[0]?.value).toMatch(/^hash:[0-9a-f]{8} [(]10 bytes[)]$/);
    expect(shown.spec.containers[0]?.env.slice(1)).toEqual([
      env[1],
      { name: 'REDIS_URL', value: 'redis://user:[redacted]@redis:6379' },
      env[3],
    ]);
  });
});

describe('what is shown of an object as a whole', () => {
  it('has its status and what the server wrote, except for who owns which fields', () => {
    const metadata = {
      ...{ name: 'c', uid: 'u', resourceVersion: '7', generation: 2, managedFields: [] },
      annotations: { 'test.dev/applied': 'x', mine: 'z' },
    };
    const live = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: '1' }, status: { ready: true } };
    expect(shownWhole(live, names)).toEqual({
      ...live,
      metadata: { name: 'c', uid: 'u', resourceVersion: '7', generation: 2, annotations: { mine: 'z' } },
    });
  });

  it('has no secret in data, status or annotations', () => {
    const annotations = {
      'example.com/api-token': 'hunter2',
      'example.com/database': 'postgres://app:hunter2@db/app',
      'kubectl.kubernetes.io/last-applied-configuration': '{"stringData":{"password":"hunter2"}}',
    };
    const status = { env: [{ name: 'DB_PASSWORD', value: 'hunter2' }], said: 'Authorization: Bearer hunter2hunter2' };
    const object = { ...secret({ password: base64('hunter2') }), metadata: { name: 's', annotations }, status };
    const text = JSON.stringify(shownWhole(object, names));
    expect(text).not.toMatch(new RegExp(`hunter2|${base64('hunter2')}`));
    expect(text).toContain('postgres://app:[redacted]@db/app');
  });
});
