import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { KubeClient } from '../client.ts';
import type { Connection } from '../connection.ts';
import { createClient } from '../create-client.ts';
import type { KubeObject } from '../object.ts';
import type { ResourceType } from '../resource-type.ts';
import { aDirectory, aPlugin } from './kubeconfig.fixture.ts';
import { loadKubeConfig } from './load-kube-config.ts';

const clients: KubeClient[] = [];

afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));

/** The kubeconfig of the run, its user changed, in a directory of its own with further files. */
async function aConfigWith(user: object, { keepCredentials = true, files = {} } = {}): Promise<string> {
  const config = parse(await readFile(inject('kubeconfig'), 'utf8'));
  config.users = config.users.map((each: { name: string; user: object }) => ({
    name: each.name,
    user: { ...(keepCredentials ? each.user : {}), ...user },
  }));
  return join(await aDirectory({ ...files, config: stringify(config) }), 'config');
}

async function clientFor(path: string): Promise<KubeClient> {
  const client = createClient(await loadKubeConfig({ path, stdinIsTerminal: false }));
  clients.push(client);
  return client;
}

/** Who the API server takes a connection for; asked without our own transport, which this is not a test of. */
async function whoIs(connection: Connection): Promise<unknown> {
  const { headers, clientCertificate } = await connection.credentials.current();
  const url = `${connection.server}/apis/authentication.k8s.io/v1/selfsubjectreviews`;
  const asking = request(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    ca: await connection.certificateAuthority(),
    rejectUnauthorized: !connection.insecureSkipTlsVerify,
    ...clientCertificate,
  });
  asking.end(JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }));
  const [answer] = await once(asking, 'response');
  return JSON.parse(await text(answer)).status.userInfo;
}

/** A token the API server takes, for the service account `default`. */
async function aToken(): Promise<string> {
  const admin = await clientFor(inject('kubeconfig'));
  // The subresource of one object, written as a collection: tokens are only ever created.
  const TokenRequest: ResourceType<KubeObject & { status?: { token?: string } }> = {
    group: '',
    version: 'v1',
    kind: 'TokenRequest',
    plural: 'namespaces/default/serviceaccounts/default/token',
    namespaced: false,
  };
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', metadata: {}, spec: {} };
  const { status } = await admin.create(TokenRequest, request);
  if (status?.token === undefined) throw new Error('the API server gave no token');
  return status.token;
}

describe('a kubeconfig before a real API server', () => {
  it('acts as the user, uid, groups and extra it names', async () => {
    const user = {
      as: 'jane',
      'as-uid': '7',
      'as-groups': ['dev', 'ops'],
      'as-user-extra': { 'acme.com/team': ['a', 'b'] },
    };
    expect(await whoIs(await loadKubeConfig({ path: await aConfigWith(user) }))).toEqual({
      username: 'jane',
      uid: '7',
      groups: ['dev', 'ops', 'system:authenticated'],
      extra: { 'acme.com/team': ['a', 'b'] },
    });
  });

  it('takes a token that was rotated at once when the former one is refused', async () => {
    const path = await aConfigWith({ tokenFile: 'token' }, { keepCredentials: false, files: { token: 'expired' } });
    const client = await clientFor(path);
    await expect(client.raw('/api')).rejects.toMatchObject({ status: 401 });
    await writeFile(join(path, '..', 'token'), await aToken());
    expect(await client.raw('/api')).toMatchObject({ kind: 'APIVersions' });
  });

  it('is who its exec plugin says', async () => {
    const status = { token: await aToken() };
    const answer = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status };
    const files = { answer: JSON.stringify(answer) };
    const exec = aPlugin('', { command: './plugin', args: [] });
    const path = await aConfigWith({ exec }, { keepCredentials: false, files });
    const plugin = join(path, '..', 'plugin');
    await writeFile(plugin, `#!/bin/sh\nexec cat "${join(path, '..', 'answer')}"\n`, { mode: 0o755 });
    expect(await whoIs(await loadKubeConfig({ path, stdinIsTerminal: false }))).toMatchObject({
      username: 'system:serviceaccount:default:default',
    });
  });
});
