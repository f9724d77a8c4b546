import { randomUUID } from 'node:crypto';
import { ConfigMap, createClient, type KubeClient, loadKubeConfig, Namespace } from '@capstan/kube';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { eventually } from './eventually.ts';
import { applyManifests } from './manifests.ts';
import { Mirror } from './mirror.ts';

const namespace = `mirror-${randomUUID().slice(0, 8)}`;
const stop = new AbortController();
let client: KubeClient;

beforeAll(async () => {
  client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
});

afterAll(async () => {
  stop.abort();
  await client.delete(Namespace, { name: namespace });
  await client.close();
});

function configMap(name: string) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name } } as const;
}

it('shows what there is and follows what is applied and deleted', async () => {
  const names = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await applyManifests(client, [names, configMap('before')], 'test');
  const changes: string[] = [];
  const mirror = new Mirror(client, ConfigMap, {
    namespace,
    onChange: ({ kind, object }) => changes.push(`${kind} ${object.metadata.name}`),
  });
  const running = mirror.run(stop.signal);
  await mirror.synced;
  expect(mirror.get({ namespace, name: 'before' })?.kind).toBe('ConfigMap');

  await applyManifests(client, [configMap('after')], 'test');
  await client.delete(ConfigMap, { namespace, name: 'before' });
  await eventually(() =>
    expect(changes.filter((change) => !change.endsWith('kube-root-ca.crt'))).toEqual([
      'applied before',
      'applied after',
      'deleted before',
    ]),
  );
  expect(mirror.get({ namespace, name: 'before' })).toBeUndefined();

  stop.abort();
  await running;
});

it('refuses an object of a kind that is not served, naming it', async () => {
  const stranger = { apiVersion: 'nobody.example/v1', kind: 'Stranger', metadata: { name: 'one' } };
  await expect(applyManifests(client, [stranger], 'test')).rejects.toThrow(
    'does not serve Stranger of nobody.example/v1',
  );
});
