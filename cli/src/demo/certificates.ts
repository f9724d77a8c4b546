import { randomBytes } from 'node:crypto';
import type { Draft, Secret } from '@capstan/kube';
import { issueCertificate, newKeyPair } from '@capstan/pki';
import type { World } from './world.ts';

const day = 24 * 60 * 60 * 1_000;

/** Issues everything that resources need to be reached safely, signed by one authority that lives as long as this object. */
export class DemoAuthority {
  readonly #subject = { commonName: 'capstan demo authority' };
  readonly #certificate: string;
  readonly #privateKey: string;
  readonly #now: Date;

  private constructor(keys: { readonly publicKey: string; readonly privateKey: string }, now: Date) {
    this.#now = now;
    this.#privateKey = keys.privateKey;
    this.#certificate = this.#issue(this.#subject, { kind: 'authority' }, keys.publicKey);
  }

  static async create(now: Date): Promise<DemoAuthority> {
    return new DemoAuthority(await newKeyPair(), now);
  }

  /** The Secret that fills a need, with real contents; keys are those that Kubernetes uses for such Secrets. */
  async secretFor({ namespace, name, content }: World['secrets'][number]): Promise<Draft<Secret>> {
    const head = { apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name } } as const;
    if (content.kind === 'random-key')
      return { ...head, type: 'Opaque', stringData: { [content.key]: randomBytes(32).toString('base64') } };
    if (content.kind === 'certificate-authority')
      return { ...head, type: 'Opaque', stringData: { 'ca.crt': this.#certificate } };
    const { hosts } = content;
    const keys = await newKeyPair();
    const certificate = this.#issue({ commonName: hosts[0] }, { kind: 'server', hosts }, keys.publicKey);
    return {
      ...head,
      type: 'kubernetes.io/tls',
      stringData: { 'tls.crt': certificate, 'tls.key': keys.privateKey, 'ca.crt': this.#certificate },
    };
  }

  #issue(
    subject: { readonly commonName: string },
    use: Parameters<typeof issueCertificate>[0]['use'],
    publicKey: string,
  ): string {
    const notBefore = new Date(this.#now.getTime() - day);
    const notAfter = new Date(this.#now.getTime() + 365 * day);
    const serialNumber = BigInt(`0x01${randomBytes(15).toString('hex')}`);
    const issuer = { subject: this.#subject, privateKey: this.#privateKey };
    return issueCertificate({ subject, use, notBefore, notAfter, serialNumber }, publicKey, issuer);
  }
}
