import type { KeyedCertificate } from '@capstan/pki';

/** A certificate to serve, and what API servers have to trust for it. */
export interface Offer {
  readonly leaf: KeyedCertificate;
  /** PEM of all authorities to be trusted; `undefined` where somebody else tells API servers whom to trust. */
  readonly trusted: readonly string[] | undefined;
}

/** Where an operator's serving certificate comes from. */
export interface Certificates {
  /** Offers a certificate as soon as there is one, and each later one, until the signal aborts. Never rejects. */
  run(signal: AbortSignal, offered: (offer: Offer) => void): Promise<void>;
  /** Why there is no certificate or none to renew it with; `undefined` when all is well. */
  readonly problem: string | undefined;
}
