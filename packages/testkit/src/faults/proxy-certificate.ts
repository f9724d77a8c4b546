import { randomBytes } from 'node:crypto';
import { issueCertificate, newKeyPair } from '@capstan/pki';

const hour = 3_600_000;

/** A certificate for 127.0.0.1 and its key, both PEM; made anew for each proxy, so nothing else ever trusts it. */
export async function proxyCertificate(): Promise<{ readonly cert: string; readonly key: string }> {
  const subject = { commonName: 'capstan-fault-proxy' };
  const { publicKey, privateKey } = await newKeyPair();
  const request = {
    subject,
    use: { kind: 'server', hosts: ['127.0.0.1', 'localhost'] },
    // The machine's clock may be moved back in a test, and a soak runs for days.
    notBefore: new Date(Date.now() - hour),
    notAfter: new Date(Date.now() + 365 * 24 * hour),
    serialNumber: BigInt(`0x${randomBytes(8).toString('hex')}`) + 1n,
  } as const;
  return { cert: issueCertificate(request, publicKey, { subject, privateKey }), key: privateKey };
}
