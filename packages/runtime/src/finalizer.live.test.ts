import { randomUUID } from 'node:crypto';
import { ConfigMap, createClient, type KubeClient, loadKubeConfig } from '@capstan/kube';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { addFinalizer, removeFinalizer } from './finalizer.ts';

let client: KubeClient;

beforeAll(async () => {
  client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
});

afterAll(() => client.close());

function anObject(finalizers: string[] = []): Promise<ConfigMap> {
  const metadata = { namespace: 'default', name: `finalizer-${randomUUID()}`, finalizers };
  return client.create(ConfigMap, { apiVersion: 'v1', kind: 'ConfigMap', metadata });
}

describe('a finalizer', () => {
  it('is added beside those of others, once', async () => {
    const added = await addFinalizer(client, ConfigMap, await anObject(['acme.com/other']), 'acme.com/ours');
    expect(added.metadata.finalizers).toEqual(['acme.com/other', 'acme.com/ours']);
    expect(await addFinalizer(client, ConfigMap, added, 'acme.com/ours')).toBe(added);
  });

  it('is removed and leaves those of others', async () => {
    const object = await anObject(['acme.com/ours', 'acme.com/other']);
    const removed = await removeFinalizer(client, ConfigMap, object, 'acme.com/ours');
    expect(removed?.metadata.finalizers).toEqual(['acme.com/other']);
    expect(removed && (await removeFinalizer(client, ConfigMap, removed, 'acme.com/ours'))).toBe(removed);
  });

  it('does not undo what somebody changed in the meantime', async () => {
    const stale = await anObject();
    await addFinalizer(client, ConfigMap, stale, 'acme.com/other');
    await expect(addFinalizer(client, ConfigMap, stale, 'acme.com/ours')).rejects.toMatchObject({
      status: 409,
      reason: 'Conflict',
    });
  });

  it('lets the object go when it was the last, and is content when it is gone already', async () => {
    const object = await anObject(['acme.com/ours']);
    await client.delete(ConfigMap, object.metadata);
    const leaving = await client.get(ConfigMap, object.metadata);
    if (leaving === undefined) throw new Error('the finalizer did not hold');
    await removeFinalizer(client, ConfigMap, leaving, 'acme.com/ours');
    expect(await client.get(ConfigMap, object.metadata)).toBeUndefined();
    expect(await removeFinalizer(client, ConfigMap, leaving, 'acme.com/ours')).toBeUndefined();
  });

  it('cannot be added to an object that is being deleted', async () => {
    const object = await anObject(['acme.com/other']);
    await client.delete(ConfigMap, object.metadata);
    const leaving = await client.get(ConfigMap, object.metadata);
    if (leaving === undefined) throw new Error('the finalizer did not hold');
    await expect(addFinalizer(client, ConfigMap, leaving, 'acme.com/ours')).rejects.toMatchObject({ status: 422 });
  });
});
