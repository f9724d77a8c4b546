import { Secret } from '@capstan/kube';
import { issueCertificate, type KeyedCertificate, newKeyPair, newSerialNumber } from '@capstan/pki';
import type { World } from '@capstan/testkit';

const hour = 3_600_000;

interface Validity {
  /** From now, in ms; an hour unless told. */
  readonly endsIn?: number;
}

/** A certificate for brokers that signs itself. */
export async function selfSigned(commonName: string, { endsIn = hour }: Validity = {}): Promise<KeyedCertificate> {
  const keys = await newKeyPair();
  const subject = { commonName };
  const certificate = issueCertificate(
    {
      ...{ subject, use: { kind: 'server', hosts: [commonName] }, serialNumber: newSerialNumber() },
      ...{ notBefore: new Date(Date.now() - 2 * hour), notAfter: new Date(Date.now() + endsIn) },
    },
    keys.publicKey,
    { subject, privateKey: keys.privateKey },
  );
  return { certificate, privateKey: keys.privateKey };
}

/** Puts a pair, and the certificate as an authority, into a Secret of the world, as `kubectl create secret tls` and cert-manager do. */
export async function keepSecret(world: World, name: string, pair: KeyedCertificate): Promise<void> {
  const encode = (text: string) => Buffer.from(text).toString('base64');
  const { certificate, privateKey } = pair;
  const data = { 'tls.crt': encode(certificate), 'tls.key': encode(privateKey), 'ca.crt': encode(certificate) };
  await world.apply(Secret, { metadata: { name }, type: 'kubernetes.io/tls', data });
}
