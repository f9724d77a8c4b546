import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Member } from '../api/v1alpha3/prism-federation.ts';
import { aFederation } from './a-federation.fixture.ts';
import { accessTo } from './access.ts';

const at = 'spec.clusters[0]';
const token = 'a-very-secret-token';
const endpoint = 'https://east.example:6443';

function member(more: Partial<Member> = {}): Member {
  const clusters = [{ name: 'east', endpoint, credentialsSecret: { name: 'east' }, ...more }];
  const [made] = aFederation({ clusters }).spec.clusters;
  if (made === undefined) throw new Error('there is one');
  return made;
}

function access(values: Readonly<Record<string, string>> | undefined, of: Member = member()) {
  const secret = values && { version: '1', values: new Map(Object.entries(values)) };
  return accessTo(of, at, secret, {});
}

function kubeconfig(cluster: object = {}, user: object = { token }): string {
  return JSON.stringify({
    clusters: [{ name: 'c', cluster: { server: endpoint, ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  });
}

describe('the way into a cluster', () => {
  it.each([
    { by: 'a kubeconfig', values: { kubeconfig: kubeconfig() } },
    { by: 'a token that names its server', values: { token: `${token}\n`, server: `${endpoint}/` } },
  ])('is there by $by', async ({ values }) => {
    const found = await access(values);
    if (found.is !== 'Ready') throw new Error(found.message);
    expect(found.connection.server).toBe(endpoint);
    expect((await found.connection.credentials.current()).headers['authorization']).toBe(`Bearer ${token}`);
  });

  it.each([
    { without: 'a Secret', values: undefined, reason: 'SecretMissing', says: 'Secret/east does not exist' },
    { without: 'a token', values: { other: 'x' }, reason: 'SecretInvalid', says: 'no key kubeconfig and no token' },
    { without: 'a server', values: { token }, reason: 'SecretInvalid', says: 'no key server' },
    {
      without: 'being for that server',
      values: { token, server: 'https://evil.example' },
      reason: 'EndpointMismatch',
      says: 'is for another server',
    },
    {
      without: 'a kubeconfig for that server',
      values: { kubeconfig: kubeconfig({ server: 'https://evil.example' }) },
      reason: 'EndpointMismatch',
      says: 'the kubeconfig of Secret/east is for another server',
    },
    { without: 'TLS', values: { token, server: 'http://east.example' }, reason: 'SecretInvalid', says: 'https' },
    {
      without: 'a sound token',
      values: { token: `${token} and more`, server: endpoint },
      reason: 'SecretInvalid',
      says: 'characters that no header may carry',
    },
    {
      without: 'a sound authority',
      values: { token, server: endpoint, 'ca.crt': 'nonsense' },
      reason: 'CaInvalid',
      says: 'ca.crt: holds no PEM certificate',
    },
    {
      without: 'running programs',
      values: { kubeconfig: kubeconfig({}, { exec: { command: 'id', apiVersion: 'v1' } }) },
      reason: 'SecretInvalid',
      says: 'runs a program',
    },
    {
      without: 'reading files',
      values: { kubeconfig: kubeconfig({}, { tokenFile: '/var/run/secrets/token' }) },
      reason: 'SecretInvalid',
      says: 'names a file',
    },
  ])('is not there without $without, and no secret is told', async ({ values, reason, says }) => {
    const found = await access(values);
    if (found.is !== 'Missing') throw new Error('there should be none');
    expect(found.reason).toBe(reason);
    expect(found.message).toContain(says);
    expect(found.message).not.toContain(token);
  });

  it('is not there without credentials, as in the sample of the requirement', async () => {
    const { credentialsSecret: _none, ...bare } = member();
    expect(await access(undefined, bare)).toMatchObject({ is: 'Missing', reason: 'CredentialsMissing' });
  });

  it('has one authority only', async () => {
    const caBundle = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const twice = await access({ token, server: endpoint, 'ca.crt': caBundle }, member({ caBundle }));
    expect(twice).toMatchObject({ reason: 'CaInvalid', message: expect.stringContaining('unclear which is meant') });
    const noCertificate = await access({ token, server: endpoint }, member({ caBundle }));
    expect(noCertificate).toMatchObject({
      reason: 'CaInvalid',
      message: expect.stringContaining('spec.clusters[0].caBundle'),
    });
  });
});
