import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { firstPair, inline, secondPair } from './certificate-pairs.fixture.ts';
import { connectionFrom } from './connection-from.ts';
import { inClusterConnection } from './in-cluster.ts';
import { aDirectory, aKubeConfig, aStillClock, authorizationOf } from './kubeconfig.fixture.ts';
import { loadKubeConfig } from './load-kube-config.ts';

const inPod = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' };

async function aServiceAccount(overrides: Record<string, string> = {}): Promise<string> {
  return aDirectory({ token: 'pod-token', 'ca.crt': firstPair.cert, namespace: 'operators\n', ...overrides });
}

async function refusal(text: string, options: object = {}): Promise<string> {
  const dir = await aDirectory({ config: text });
  const error = await loadKubeConfig({ path: join(dir, 'config'), env: {}, ...options }).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toMatchObject({ name: 'KubeConfigError' });
  return String(error).replaceAll(dir, '');
}

describe('where a kubeconfig is looked for', () => {
  it('takes the given path, whatever KUBECONFIG says', async () => {
    const dir = await aDirectory({ a: aKubeConfig(), b: aKubeConfig({ user: { token: 'other' } }) });
    const connection = await loadKubeConfig({ path: join(dir, 'b'), env: { KUBECONFIG: join(dir, 'a') } });
    expect(await authorizationOf(connection)).toBe('Bearer other');
  });

  it('skips files of KUBECONFIG that do not exist', async () => {
    const dir = await aDirectory({ a: aKubeConfig() });
    const connection = await loadKubeConfig({ env: { KUBECONFIG: `${join(dir, 'gone')}::${join(dir, 'a')}` } });
    expect(connection.server).toBe('https://10.0.0.1:6443');
  });

  it('takes a context from one file, its user from another and paths relative to each', async () => {
    const dir = await aDirectory({
      a: aKubeConfig({ cluster: { 'certificate-authority': 'ca.crt' }, more: { users: [] } }),
      'ca.crt': firstPair.cert,
    });
    const elsewhere = await aDirectory({ b: aKubeConfig({ user: { tokenFile: 'token' } }), token: 'elsewhere' });
    const connection = await loadKubeConfig({ env: { KUBECONFIG: `${join(dir, 'a')}:${join(elsewhere, 'b')}` } });
    expect(await authorizationOf(connection)).toBe('Bearer elsewhere');
    expect(await connection.certificateAuthority()).toBe(firstPair.cert);
  });

  it('takes ~/.kube/config without KUBECONFIG', async () => {
    const home = await aDirectory({});
    await mkdir(join(home, '.kube'));
    await writeFile(join(home, '.kube', 'config'), aKubeConfig({ context: { namespace: 'home' } }));
    expect((await loadKubeConfig({ env: { HOME: home } })).namespace).toBe('home');
  });

  it.each([{ KUBECONFIG: '/dev/null' }, { KUBECONFIG: '/gone' }, { HOME: '/gone' }])(
    'takes the service account of the pod where %o names no cluster',
    async (env) => {
      const serviceAccountDir = await aServiceAccount();
      const connection = await loadKubeConfig({ env: { ...inPod, ...env }, serviceAccountDir });
      expect(connection.server).toBe('https://10.96.0.1');
      expect(await authorizationOf(connection)).toBe('Bearer pod-token');
    },
  );

  it('says where it looked when there is nothing', async () => {
    await expect(loadKubeConfig({ env: { HOME: '/gone' } })).rejects.toThrow(
      '/gone/.kube/config: no kubeconfig there, and this process does not run in a pod: set KUBECONFIG, or give a path',
    );
  });

  it('does not fall back when a path is given', async () => {
    const serviceAccountDir = await aServiceAccount();
    await expect(loadKubeConfig({ path: '/gone', env: inPod, serviceAccountDir })).rejects.toThrow(
      '/gone: cannot be read (ENOENT): correct the path',
    );
  });
});

describe('a pod', () => {
  it('reads token and CA again when they rotate', async () => {
    const serviceAccountDir = await aServiceAccount();
    const clock = aStillClock();
    const connection = await inClusterConnection({ env: inPod, serviceAccountDir, clock });
    await writeFile(join(serviceAccountDir, 'token'), 'second-token');
    await writeFile(join(serviceAccountDir, 'ca.crt'), secondPair.cert);
    expect(await authorizationOf(connection)).toBe('Bearer pod-token');
    clock.pass(10_000);
    expect(await authorizationOf(connection)).toBe('Bearer second-token');
    expect(await connection.certificateAuthority()).toBe(secondPair.cert);
  });

  it('keeps working while its files are gone for a moment', async () => {
    const serviceAccountDir = await aServiceAccount();
    const clock = aStillClock();
    const connection = await inClusterConnection({ env: inPod, serviceAccountDir, clock });
    await rm(serviceAccountDir, { recursive: true });
    clock.pass(60_000);
    expect(await authorizationOf(connection)).toBe('Bearer pod-token');
  });

  it('is reached by IPv6 and lives in its own namespace', async () => {
    const serviceAccountDir = await aServiceAccount();
    const env = { ...inPod, KUBERNETES_SERVICE_HOST: 'fd00::1' };
    const { server, namespace } = await inClusterConnection({ env, serviceAccountDir });
    expect({ server, namespace }).toEqual({ server: 'https://[fd00::1]', namespace: 'operators' });
  });

  it('without a mounted service account is refused in one sentence', async () => {
    await expect(inClusterConnection({ env: inPod, serviceAccountDir: '/gone' })).rejects.toThrow(
      "/gone: token: cannot read /gone/token (ENOENT): correct the path or the file's permissions",
    );
  });

  it('is required for its connection', async () => {
    await expect(inClusterConnection({ env: {} })).rejects.toThrow(/does not run in a pod .* give a kubeconfig/);
  });
});

describe('rotation', () => {
  it('waits for a client certificate and its key to fit before it takes the new pair', async () => {
    const user = { 'client-certificate': 'me.crt', 'client-key': 'me.key' };
    const dir = await aDirectory({ config: aKubeConfig({ user }), 'me.crt': firstPair.cert, 'me.key': firstPair.key });
    const clock = aStillClock();
    const connection = await loadKubeConfig({ path: join(dir, 'config'), env: {}, clock });
    const certificate = async () => (await connection.credentials.current()).clientCertificate;
    const before = await certificate();
    await writeFile(join(dir, 'me.crt'), secondPair.cert);
    clock.pass(10_000);
    expect(await certificate()).toBe(before);
    await writeFile(join(dir, 'me.key'), secondPair.key);
    clock.pass(10_000);
    expect(await certificate()).toEqual(secondPair);
  });

  it('falls back to the token where the token file cannot be read, and prefers the file otherwise', async () => {
    const dir = await aDirectory({ config: aKubeConfig({ user: { token: 'inline', tokenFile: 'token' } }) });
    const load = async () => authorizationOf(await loadKubeConfig({ path: join(dir, 'config'), env: {} }));
    expect(await load()).toBe('Bearer inline');
    await writeFile(join(dir, 'token'), 'from-file');
    expect(await load()).toBe('Bearer from-file');
  });
});

describe('what is refused, and how', () => {
  it.each([
    {
      text: aKubeConfig({ more: { 'current-context': '' } }),
      says: '/config: current-context: is not set: name one of the contexts (main)',
    },
    {
      text: aKubeConfig({ more: { 'current-context': 'x' } }),
      says: '/config: context "x": does not exist: name one of the contexts (main)',
    },
    {
      text: aKubeConfig({ context: { user: 'x' } }),
      says: '/config: context "main": user: "x" does not exist: add it under users',
    },
    {
      text: aKubeConfig({ context: { cluster: null } }),
      says: '/config: context "main": cluster: is missing: name a cluster',
    },
    {
      text: aKubeConfig({ cluster: { server: '10.0.0.1:6443' } }),
      says: '/config: context "main": clusters["here"].server: is not an http or https address: write it as https://host:port',
    },
    {
      text: aKubeConfig({ cluster: { server: '' } }),
      says: '/config: context "main": clusters["here"].server: is missing: give the address of the API server, such as https://10.0.0.1:6443',
    },
    {
      text: aKubeConfig({ cluster: { 'proxy-url': 'ftp://p' } }),
      says: '/config: context "main": clusters["here"].proxy-url: must be an http, https or socks5 address, such as http://proxy:3128',
    },
    {
      text: aKubeConfig({ user: { token: 123 } }),
      says: '/config: users["me"].token: must be a string (put it in quotes), not a number',
    },
    {
      text: aKubeConfig({ user: { tokenFile: 'gone' } }),
      says: '/config: context "main": users["me"].tokenFile: cannot read /gone (ENOENT): correct the path or the file\'s permissions',
    },
    {
      text: aKubeConfig({ user: { tokenFile: 'config' } }),
      says: '/config: context "main": users["me"].tokenFile: is not a token: it holds white space or characters that no header may carry',
    },
    {
      text: aKubeConfig({ cluster: { 'certificate-authority': 'gone' } }),
      says: '/config: context "main": clusters["here"].certificate-authority: cannot read /gone (ENOENT): correct the path or the file\'s permissions',
    },
    {
      text: aKubeConfig({ cluster: { 'certificate-authority-data': '%' } }),
      says: '/config: context "main": clusters["here"].certificate-authority-data: is not base64: put the PEM text there base64-encoded, or name a file in certificate-authority',
    },
    {
      text: aKubeConfig({ cluster: { 'certificate-authority-data': inline('x') } }),
      says: '/config: context "main": clusters["here"].certificate-authority-data: does not hold a PEM certificate: it must start with -----BEGIN CERTIFICATE-----',
    },
    {
      text: aKubeConfig({ user: { 'auth-provider': { name: 'gcp' } } }),
      says: '/config: context "main": users["me"].auth-provider: "gcp" is the legacy form that Kubernetes clients have dropped: use the exec plugin gke-gcloud-auth-plugin',
    },
    {
      text: aKubeConfig({ context: { namespace: 'A' } }),
      says: '/config: context "main": namespace: "A" is no namespace name: use at most 63 of a-z, 0-9 and -',
    },
    {
      text: '{ kind: Secret }',
      says: '/config: kind: is "Secret", so this file is not a kubeconfig (kind Config): give another file',
    },
    {
      text: 'users: [{ name: a }, { name: a }]',
      says: '/config: users[1].name: "a" is given twice in this file: remove or rename one',
    },
    {
      text: 'users:\n  - token: "s3cr3t\n',
      says: '/config: is not valid YAML at line 3, column 1 (MISSING_CHAR): correct the file',
    },
    { text: 'users: s3cr3t', says: '/config: users: must be a list, not a string' },
    { text: 's3cr3t', says: '/config: must be a map, not a string' },
  ])('$says', async ({ text, says }) => {
    expect(await refusal(text)).toBe(`KubeConfigError: ${says}`);
  });

  it('names the contexts there are when another is asked for', async () => {
    expect(await refusal(aKubeConfig(), { context: 'prod' })).toBe(
      'KubeConfigError: /config: context "prod": does not exist: name one of the contexts (main)',
    );
  });

  it.each([
    { user: { token: 's3cr3t s3cr3t' } },
    { user: { token: ['s3cr3t'] } },
    { user: { token: 's3cr3t', username: 's3cr3t', password: 's3cr3t' } },
    { user: { 'client-certificate-data': 's3cr3t!', 'client-key-data': 's3cr3t' } },
    { user: { 'client-certificate-data': inline(firstPair.cert), 'client-key-data': inline('s3cr3t') } },
    { user: { 'client-certificate-data': inline(firstPair.cert), 'client-key-data': 's3cr3t!' } },
    { user: { 'auth-provider': { name: 'oidc', config: { 'client-secret': 's3cr3t' } } } },
    { cluster: { server: 'https://me:s3cr3t@10.0.0.1' } },
    { cluster: { server: 'me:s3cr3t@10.0.0.1' } },
    { cluster: { 'proxy-url': 'ftp://me:s3cr3t@proxy' } },
  ])('never quotes a secret: %o', async (overrides) => {
    expect(await refusal(aKubeConfig(overrides))).not.toContain('s3cr3t');
  });
});

describe('a proxy', () => {
  it('of the kubeconfig goes before one of the environment', async () => {
    const dir = await aDirectory({
      with: aKubeConfig({ cluster: { 'proxy-url': 'http://own:1' } }),
      without: aKubeConfig(),
    });
    const env = { HTTPS_PROXY: 'http://env:2' };
    const proxyOf = async (name: string) => (await loadKubeConfig({ path: join(dir, name), env })).proxyUrl;
    expect([await proxyOf('with'), await proxyOf('without')]).toEqual(['http://own:1', 'http://env:2']);
  });
});

describe('a connection said outright', () => {
  it('carries what it was given', async () => {
    const connection = await connectionFrom({
      server: 'https://127.0.0.1:6443/',
      token: 'abc',
      impersonate: { user: 'jane', groups: ['dev'] },
    });
    expect(await connection.credentials.current()).toEqual({
      headers: { authorization: 'Bearer abc', 'impersonate-user': 'jane', 'impersonate-group': ['dev'] },
    });
    expect(connection).toMatchObject({
      server: 'https://127.0.0.1:6443',
      namespace: 'default',
      insecureSkipTlsVerify: false,
    });
  });

  it('sends no token in the clear', async () => {
    await expect(connectionFrom({ server: 'http://127.0.0.1', token: 's3cr3t' })).rejects.toThrow(
      'connection: token: would be sent over plain http, where anybody on the way could read it: use https',
    );
  });
});
