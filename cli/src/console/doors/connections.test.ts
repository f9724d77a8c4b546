import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { serverForTokens, withToken } from './connections.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'capstan-console-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function kubeconfig(server: string): Promise<string> {
  const file = join(directory, 'kubeconfig.yaml');
  const config = {
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'c' },
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user: { username: 'somebody', password: 'hunter2' } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
  };
  await writeFile(file, stringify(config));
  return file;
}

test('of a kubeconfig nothing but the server is used for visitors with tokens', async () => {
  const server = await serverForTokens({ kubeconfig: await kubeconfig('https://127.0.0.1:6443') }, {});
  expect(server.server).toBe('https://127.0.0.1:6443');
  expect(await server.credentials.current()).toEqual({ headers: {} });
  expect(await withToken(server, 'abc').credentials.current()).toEqual({ headers: { authorization: 'Bearer abc' } });
});

test('tokens are not sent where anybody could read them', async () => {
  const file = await kubeconfig('http://127.0.0.1:8080');
  await expect(serverForTokens({ kubeconfig: file }, {})).rejects.toThrow('would be sent in the clear');
});

test('in a pod the server is where the kubelet says, and its certificates are read anew', async () => {
  const certificateAuthority = join(directory, 'ca.crt');
  const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' };
  const server = await serverForTokens({ certificateAuthority }, env);
  expect(server.server).toBe('https://[fd00::1]:6443');
  for (const text of ['one', 'two']) {
    await writeFile(certificateAuthority, text);
    expect(await server.certificateAuthority()).toBe(text);
  }
  await expect(serverForTokens({ certificateAuthority }, {})).rejects.toThrow('KUBERNETES_SERVICE_HOST is not set');
});
