import type { Secret } from '@capstan/kube';
import { issueCertificate, newKeyPair, newSerialNumber } from '@capstan/pki';
import { describe, expect, it } from 'vitest';
import { aCluster, type SpecInput } from '../a-cluster.fixture.ts';
import { aPass } from '../a-pass.fixture.ts';
import { SecretCheck, secretsNamedBy } from './secret-check.ts';

const now = '2026-06-01T00:00:00Z';
const end = '2027-01-01T00:00:00.000Z';
const subject = { commonName: 'orders' };
const keys = await newKeyPair();
const lifetime = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date(end) };
const request = { subject, use: { kind: 'authority' }, ...lifetime, serialNumber: newSerialNumber() } as const;
const certificate = issueCertificate(request, keys.publicKey, { subject, privateKey: keys.privateKey });
const good = { 'tls.crt': certificate, 'tls.key': keys.privateKey, 'ca.crt': certificate };

function secret(name: string, data: Readonly<Record<string, string>> = good, resourceVersion = '1'): Secret {
  const encoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  const metadata = { name, namespace: 'shop', resourceVersion };
  return { apiVersion: 'v1', kind: 'Secret', metadata, data: Object.fromEntries(encoded) };
}

const encrypted: SpecInput = { security: { tls: { enabled: true, certSecretName: 'tls' } } };
const mutual: SpecInput = {
  security: { tls: { enabled: true, certSecretName: 'tls', caSecretName: 'ca', clientAuthRequired: true } },
};
const ofOneSecret: SpecInput = {
  security: { tls: { enabled: true, certSecretName: 'tls', clientAuthRequired: true } },
};

async function found(spec: SpecInput, objects: readonly Secret[], check = new SecretCheck()) {
  const pass = aPass({ objects, now });
  const { problems, notAfter } = await check.findings(aCluster({ spec }), pass);
  return { problems: problems.map(({ reason, message }) => `${reason}: ${message}`), notAfter, asked: pass.asked };
}

describe('the Secrets of a cluster', () => {
  it.each([
    ['none without TLS', {}, []],
    ['that of the certificate', encrypted, ['tls']],
    ['that of the CA too, where clients show certificates', mutual, ['tls', 'ca']],
    ['one, where that has both', ofOneSecret, ['tls']],
  ] as const)('are %s', (_which, spec, names) => {
    expect(secretsNamedBy(aCluster({ spec })).map(({ name }) => name)).toEqual(names);
  });

  it('are none where the spec has not even the right shape', () => {
    const broken = JSON.parse(JSON.stringify({ ...aCluster(), spec: { security: { tls: 7 } } }));
    const { spec: _none, ...without } = aCluster();
    expect([secretsNamedBy(broken), secretsNamedBy(JSON.parse(JSON.stringify(without)))]).toEqual([[], []]);
  });
});

describe('looking into Secrets', () => {
  it('finds nothing wrong, and when the first certificate ends', async () => {
    expect(await found(mutual, [secret('tls'), secret('ca')])).toMatchObject({
      problems: [],
      notAfter: Date.parse(end),
    });
  });

  it('says which one is missing, and which field names it', async () => {
    expect((await found(mutual, [secret('tls')])).problems).toEqual([
      'SecretMissing: Secret/ca, which spec.security.tls.caSecretName names, does not exist',
    ]);
  });

  it('says what is wrong with one, in a sentence without its contents', async () => {
    const { problems } = await found(encrypted, [secret('tls', { ...good, 'tls.key': 'hunter2' })]);
    expect(problems).toEqual([
      'SecretInvalid: Secret/tls, which spec.security.tls.certSecretName names, cannot be used: tls.key is not a private key in PEM form',
    ]);
    expect(problems.join()).not.toContain('hunter2');
  });

  it('reads each once, and again only when its version is another', async () => {
    const check = new SecretCheck();
    const reads: (readonly string[])[] = [];
    for (const version of ['1', '1', '2', '2'])
      reads.push((await found(encrypted, [secret('tls', good, version)], check)).asked);
    expect(reads).toEqual([['read Secret/tls'], [], ['read Secret/tls'], []]);
  });

  it('reads one Secret for its certificate and for its CA, and finds what is wrong with either', async () => {
    const { 'ca.crt': _none, ...withoutCa } = good;
    expect((await found(ofOneSecret, [secret('tls', withoutCa)])).problems).toEqual([
      'SecretInvalid: Secret/tls, which spec.security.tls.caSecretName names, cannot be used: it has no ca.crt',
    ]);
  });

  it('looks again when a certificate has ended that was good before', async () => {
    const check = new SecretCheck();
    await found(encrypted, [secret('tls')], check);
    const later = aPass({ objects: [secret('tls')], now: end });
    const { problems } = await check.findings(aCluster({ spec: encrypted }), later);
    expect([later.asked, problems[0]?.message]).toEqual([
      ['read Secret/tls'],
      `Secret/tls, which spec.security.tls.certSecretName names, cannot be used: the certificate in tls.crt expired at ${end}`,
    ]);
  });

  it('finds a Secret that comes and goes', async () => {
    const check = new SecretCheck();
    const counts: number[] = [];
    for (const objects of [[], [secret('tls')], []])
      counts.push((await found(encrypted, objects, check)).problems.length);
    expect(counts).toEqual([1, 0, 1]);
  });

  it('keeps clusters apart that have Secrets of the same name in other namespaces', async () => {
    const check = new SecretCheck();
    await found(encrypted, [secret('tls')], check);
    const bad = { ...secret('tls', {}), metadata: { name: 'tls', namespace: 'other', resourceVersion: '1' } };
    const { problems } = await check.findings(
      aCluster({ namespace: 'other', spec: encrypted }),
      aPass({ objects: [bad], now }),
    );
    expect(problems).toHaveLength(1);
  });
});
