import { readFile } from 'node:fs/promises';
import type { Clock, Timer } from '@capstan/kube';
import type { Logger } from 'pino';
import { type Millis, minutes } from '../../duration.ts';

/** Two PEM texts: the certificate (with those between it and the root) and its private key. */
export interface KeyedCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}

/** A certificate that may be replaced while it is in use. */
export interface CertificateSource {
  /** @throws {Error} when there is none; says which file is the matter */
  current(): Promise<KeyedCertificate>;
  /** Calls back with each later certificate, until `close`. */
  onRenewed(use: (renewed: KeyedCertificate) => void): void;
  close(): void;
}

/** How often files are looked at, and a certificate of our own is checked for its age. */
const lookEvery: Millis = minutes(1);

const day = 24 * 60 * 60 * 1_000;

/** How long a certificate of our own is valid, and when a new one is made, as a part of that. */
const selfMade = { validMs: 365 * day, renewAfter: 2 / 3 };

export interface CertificateSourceOptions {
  readonly clock: Clock;
  readonly log: Logger;
}

/** Looks now and then whether there is a newer certificate; a failing look keeps the one in use. */
abstract class WatchedCertificate implements CertificateSource {
  readonly #options: CertificateSourceOptions;
  #used: KeyedCertificate | undefined;
  #timer: Timer | undefined;

  constructor(options: CertificateSourceOptions) {
    this.#options = options;
  }

  /** The certificate to be used now; the same one again where nothing changed. */
  protected abstract read(used: KeyedCertificate | undefined): Promise<KeyedCertificate>;

  async current(): Promise<KeyedCertificate> {
    this.#used = await this.read(undefined);
    return this.#used;
  }

  onRenewed(use: (renewed: KeyedCertificate) => void): void {
    this.#timer = this.#options.clock.setTimeout(() => void this.#look(use), lookEvery);
    this.#timer.unref?.();
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  async #look(use: (renewed: KeyedCertificate) => void): Promise<void> {
    try {
      const found = await this.read(this.#used);
      if (found.certificate !== this.#used?.certificate) {
        use(found);
        this.#used = found;
        this.#options.log.info('the serving certificate was renewed');
      }
    } catch (error) {
      this.#options.log.error({ err: error }, 'the serving certificate could not be renewed; the old one stays in use');
    }
    if (this.#timer !== undefined) this.onRenewed(use);
  }
}

/** Reads certificate and key from files, such as those that cert-manager mounts, and again when they change. */
class FileCertificate extends WatchedCertificate {
  readonly #paths: readonly [string, string];

  constructor(certFile: string, keyFile: string, options: CertificateSourceOptions) {
    super(options);
    this.#paths = [certFile, keyFile];
  }

  protected async read(): Promise<KeyedCertificate> {
    const [certificate, privateKey] = await Promise.all(this.#paths.map((path) => readFile(path, 'utf8')));
    return { certificate: certificate ?? '', privateKey: privateKey ?? '' };
  }
}

/** Makes a certificate that nobody vouches for: it hides what is said, and proves nothing. */
class SelfMadeCertificate extends WatchedCertificate {
  readonly #clock: Clock;
  #madeAt = 0;

  constructor(options: CertificateSourceOptions) {
    super(options);
    this.#clock = options.clock;
  }

  protected async read(used: KeyedCertificate | undefined): Promise<KeyedCertificate> {
    const age = this.#clock.now() - this.#madeAt;
    if (used !== undefined && age < selfMade.validMs * selfMade.renewAfter) return used;
    this.#madeAt = this.#clock.now();
    return makeCertificate(this.#madeAt);
  }
}

async function makeCertificate(now: number): Promise<KeyedCertificate> {
  const { issueCertificate, newKeyPair, newSerialNumber } = await import('@capstan/pki');
  const { publicKey, privateKey } = await newKeyPair();
  const subject = { commonName: 'capstan-operator' };
  const certificate = issueCertificate(
    {
      subject,
      use: { kind: 'server', hosts: ['localhost', '127.0.0.1'] },
      notBefore: new Date(now - day),
      notAfter: new Date(now + selfMade.validMs),
      serialNumber: newSerialNumber(),
    },
    publicKey,
    { subject, privateKey },
  );
  return { certificate, privateKey };
}

/** Which certificate a server shows: files that somebody else renews, or one it makes for itself. */
export type TlsOptions = { readonly certFile: string; readonly keyFile: string } | 'self-made';

export function certificateSource(tls: TlsOptions, options: CertificateSourceOptions): CertificateSource {
  return tls === 'self-made'
    ? new SelfMadeCertificate(options)
    : new FileCertificate(tls.certFile, tls.keyFile, options);
}
