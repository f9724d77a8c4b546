import { describe, expect, it } from 'vitest';
import { firstPair, inline } from './certificate-pairs.fixture.ts';
import { inlineKubeConfig } from './inline-kubeconfig.ts';
import { aKubeConfig, aPlugin, authorizationOf } from './kubeconfig.fixture.ts';

const source = 'Secret/west: kubeconfig';
const load = (overrides: Parameters<typeof aKubeConfig>[0], context?: string) =>
  inlineKubeConfig(aKubeConfig(overrides), { source, ...(context !== undefined && { context }) });

describe('a kubeconfig from elsewhere', () => {
  it('is a connection with its own token and authority', async () => {
    const cluster = { 'certificate-authority-data': inline(firstPair.cert) };
    const connection = await load({ cluster });
    expect(connection.server).toBe('https://10.0.0.1:6443');
    expect(await connection.certificateAuthority()).toBe(firstPair.cert);
    expect(await authorizationOf(connection)).toBe('Bearer abc');
  });

  it.each([
    { what: 'runs a program', overrides: { user: { exec: aPlugin('') } }, field: 'exec: runs a program' },
    {
      what: 'runs a program although it has a token',
      overrides: { user: { token: 'abc', exec: aPlugin('') } },
      field: 'exec: runs a program',
    },
    { what: 'reads a token', overrides: { user: { tokenFile: '/t' } }, field: 'tokenFile: names a file' },
    {
      what: 'reads a certificate',
      overrides: { user: { 'client-certificate': '/c', 'client-key': '/k' } },
      field: 'client-certificate: names a file',
    },
    {
      what: 'reads a key',
      overrides: { user: { 'client-certificate-data': inline(firstPair.cert), 'client-key': '/k' } },
      field: 'client-key: names a file',
    },
    {
      what: 'reads an authority',
      overrides: { cluster: { 'certificate-authority': '/ca' } },
      field: 'certificate-authority: names a file',
    },
    {
      what: 'trusts anybody',
      overrides: { cluster: { 'insecure-skip-tls-verify': true } },
      field: 'insecure-skip-tls-verify: lets anybody answer',
    },
    {
      what: 'goes without TLS',
      overrides: { cluster: { server: 'http://10.0.0.1:8080' } },
      field: 'server: must be an https address',
    },
  ])('is refused when it $what', async ({ overrides, field }) => {
    await expect(load(overrides)).rejects.toThrow(`${source}: ${field}`);
  });

  it('is refused in words that do not repeat it when it is no kubeconfig', async () => {
    const failure = inlineKubeConfig('token: [hidden', { source }).catch((error: unknown) => String(error));
    expect(await failure).toMatch(/^KubeConfigError: Secret\/west: kubeconfig: is not valid YAML/);
    expect(await failure).not.toContain('hidden');
  });

  it.each([
    { what: 'its kind', text: 'kind: hidden', field: 'kind' },
    { what: 'names given twice', text: 'users: [{name: hidden}, {name: hidden}]', field: 'name' },
    { what: 'names of contexts', text: 'contexts: [{name: hidden}]', field: 'current-context' },
    { what: 'a context that is not there', text: 'current-context: hidden', field: 'current-context' },
    {
      what: 'a user that is not there',
      text: '{current-context: hidden, contexts: [{name: hidden, context: {cluster: hidden, user: hidden}}]}',
      field: 'cluster',
    },
    {
      what: 'keys that somebody chose',
      text: '{users: [{name: hidden.token, user: {as-user-extra: {hidden: 1}}}]}',
      field: 'must be a list',
    },
    {
      what: 'a legacy provider',
      text: aKubeConfig({ user: { 'auth-provider': { name: 'hidden' } } }),
      field: 'auth-provider',
    },
  ])('is refused in words that do not repeat $what', async ({ text, field }) => {
    const failure = String(await inlineKubeConfig(text, { source }).catch((error: unknown) => error));
    expect(failure).toContain(`KubeConfigError: ${source}: ${field}`);
    expect(failure).not.toContain('hidden');
  });
});
