import type { Clock, Timer } from '@capstan/kube';
import type { KeyedCertificate } from '@capstan/pki';
import type { Logger } from 'pino';
import { seconds } from '../duration.ts';
import type { Offer } from './certificates/certificates.ts';
import { isValid } from './certificates/renewal.ts';
import { certificateIn } from './certificates/serving-material.ts';

/** How long API servers may take to hear of a change that has been stored; they watch, so it is a moment. */
const hearing = seconds(10);

export interface CertificateSwapOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly use: (leaf: KeyedCertificate) => void;
  /** Whether API servers have been told to trust these. */
  readonly isTrusted: (trusted: readonly string[] | undefined) => boolean;
}

/**
 * Decides when a new certificate takes the place of the one in use: once API servers have been told to trust who signed it,
 * and have had time to hear of it. At once where there is none in use, or it has expired.
 */
export class CertificateSwap {
  readonly #options: CertificateSwapOptions;
  #inUse: KeyedCertificate | undefined;
  #waiting: Offer | undefined;
  #timer: Timer | undefined;

  constructor(options: CertificateSwapOptions) {
    this.#options = options;
  }

  /** Why what is in use cannot be believed; `undefined` when it can. */
  get problem(): string | undefined {
    if (this.#inUse === undefined) return 'there is no certificate to serve yet';
    return this.#isInUseValid() ? undefined : 'the certificate in use has expired';
  }

  offer(offer: Offer): void {
    this.#stopWaiting();
    this.#waiting = offer;
    this.review();
  }

  /** To be called when more may be trusted than before. */
  review(): void {
    const { clock, log, isTrusted } = this.#options;
    if (this.#waiting === undefined) return;
    if (!this.#isInUseValid()) this.#swap();
    else if (this.#timer === undefined && isTrusted(this.#waiting.trusted)) {
      this.#timer = clock.setTimeout(() => this.#swap(), hearing);
      this.#timer.unref?.();
      log.info({ inMs: hearing }, 'API servers trust the new certificate, which is served soon');
    }
  }

  close(): void {
    this.#stopWaiting();
  }

  #swap(): void {
    const { leaf } = this.#waiting ?? {};
    this.#stopWaiting();
    if (leaf === undefined) return;
    this.#inUse = leaf;
    this.#options.use(leaf);
    this.#options.log.info('webhooks are served with a new certificate');
  }

  #stopWaiting(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#waiting = undefined;
  }

  #isInUseValid(): boolean {
    return this.#inUse !== undefined && isValid(certificateIn(this.#inUse.certificate), this.#options.clock.now());
  }
}
