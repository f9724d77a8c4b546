import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ControlPlane, startControlPlane } from '@capstan/controlplane';
import { TcpProxy } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiError } from '../api-error.ts';
import type { KubeClient } from '../client.ts';
import { createClient } from '../create-client.ts';
import { ConfigMap, ServiceAccount } from '../kinds.ts';
import { connectionFrom, loadKubeConfig } from '../kubeconfig/index.ts';
import { eventually } from '../testing/eventually.fixture.ts';
import { RecordingSink } from '../testing/recording-sink.fixture.ts';
import { Reflector } from './reflector.ts';

/** A control plane of this file's own: its API server is killed and its etcd compacted. */
let plane: ControlPlane;
let client: KubeClient;

const namespace = 'default';
const selection = { namespace, fieldSelector: 'metadata.name!=kube-root-ca.crt' };
const create = (name: string) =>
  client.create(ConfigMap, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace } });

/** A reflector under way. */
function watching(through: KubeClient) {
  const sink = new RecordingSink<ConfigMap>();
  const abort = new AbortController();
  const reflector = new Reflector(through, ConfigMap, { ...selection, sink });
  const done = reflector.run(abort.signal);
  const stop = () => {
    abort.abort();
    return done;
  };
  return { sink, reflector, stop };
}

beforeAll(async () => {
  plane = await startControlPlane({ nodes: 'none', controllers: false });
  client = createClient(await loadKubeConfig({ path: plane.kubeconfig }));
}, 120_000);

afterAll(async () => {
  await client?.close();
  await plane?.stop();
});

describe('when the API server goes away', () => {
  it.each([
    { how: 'restarts', away: () => plane.restartApiServer() },
    {
      how: 'is killed and started again',
      away: async () => {
        await plane.killApiServer();
        await plane.startApiServer();
      },
    },
  ])('and $how, watches go on by themselves and calls work again', async ({ how, away }) => {
    const prefix = how.split(' ')[0];
    const { sink, reflector, stop } = watching(client);
    await create(`${prefix}-before`);
    await eventually('the first object has come', () => sink.objects.has(`${prefix}-before`));
    await away();
    await create(`${prefix}-after`);
    await eventually('the new object has come', () => sink.objects.has(`${prefix}-after`), 40_000);
    expect(reflector.health()).toMatchObject({ state: 'watching', synced: true, sinkErrors: 0 });
    expect(sink.objects.has(`${prefix}-before`)).toBe(true);
    await stop();
    expect(reflector.health().state).toBe('stopped');
  });
});

describe('when etcd is compacted', () => {
  it('a list that goes on from an older page is refused with 410, and list starts over', async () => {
    await Promise.all(Array.from({ length: 6 }, (_, index) => create(`paged-${index}`)));
    const pages = client.pages(ConfigMap, { ...selection, limit: 2 });
    await pages.next();
    await create('newer');
    await plane.compactEtcd();
    // Its cache still holds the older snapshot; etcd does not.
    await plane.restartApiServer();
    const failure = await pages.next().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApiError);
    expect(failure).toMatchObject({ status: 410, isExpired: true });
    const whole = await client.list(ConfigMap, { ...selection, limit: 2 });
    expect(whole.items.map(({ metadata }) => metadata.name)).toContain('newer');
  });

  it('a watch that was cut off is refused with 410 and takes a new snapshot, in which what was missed comes out', async () => {
    const connection = await loadKubeConfig({ path: plane.kubeconfig });
    await using proxy = await TcpProxy.start(plane.server);
    const cutOff = createClient({ ...connection, server: proxy.url });
    await create('goes');
    const { sink, reflector, stop } = watching(cutOff);
    await eventually('the object has come', () => sink.objects.has('goes'));
    proxy.block();
    await client.delete(ConfigMap, { namespace, name: 'goes' });
    await create('comes');
    await plane.compactEtcd();
    await plane.restartApiServer();
    proxy.unblock();
    await eventually('the new object has come', () => sink.objects.has('comes'), 40_000);
    await eventually('the snapshot is complete', () => sink.log.at(-1) === 'synced');
    expect(sink.names).toEqual(expect.not.arrayContaining(['goes']));
    expect(reflector.health()).toMatchObject({ state: 'watching', relists: { Start: 1, Expired: 1 } });
    await stop();
    await cutOff.close();
  });
});

describe('when a service account token rotates', () => {
  it('the file is read again after the 401, and the call is made once more', async () => {
    await client.create(ServiceAccount, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'rotates', namespace },
    });
    const kubeconfig = await plane.serviceAccountKubeconfig({ namespace, name: 'rotates' });
    const token = /token: "?([\w.-]+)"?/.exec(await readFile(kubeconfig, 'utf8'))?.[1] ?? '';
    const tokenFile = join(plane.dir, 'rotating-token');
    await writeFile(tokenFile, 'no-longer-valid', { mode: 0o600 });
    const { certificateAuthority } = await loadKubeConfig({ path: plane.kubeconfig });
    const ca = await certificateAuthority();
    const connection = await connectionFrom({
      server: plane.server,
      tokenFile,
      ...(ca === undefined ? {} : { certificateAuthority: ca }),
    });
    const account = createClient(connection);
    await expect(account.raw('/version')).rejects.toMatchObject({ status: 401 });
    await writeFile(`${tokenFile}.new`, token, { mode: 0o600 });
    await rename(`${tokenFile}.new`, tokenFile);
    expect(await account.raw('/version')).toMatchObject({ major: '1' });
    await account.close();
  });
});
