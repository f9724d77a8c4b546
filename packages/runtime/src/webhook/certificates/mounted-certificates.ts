import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@capstan/kube';
import type { KeyedCertificate } from '@capstan/pki';
import type { Logger } from 'pino';
import { minutes } from '../../duration.ts';
import { WakefulSleep } from '../wakeful-sleep.ts';
import type { Certificates, Offer } from './certificates.ts';
import { fits } from './serving-material.ts';

/** Not every file system tells of changes. */
const lookEvery = minutes(1);

export interface MountedCertificatesOptions {
  /** Holds `tls.crt` and `tls.key`, as a mounted Secret of type `kubernetes.io/tls` does. */
  readonly directory: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Certificates that somebody else makes, such as cert-manager: read from files and again whenever these change. A pair that
 * does not fit together, such as one half written, is passed over.
 */
export class MountedCertificates implements Certificates {
  readonly #options: MountedCertificatesOptions;
  readonly #sleep: WakefulSleep;
  #served: string | undefined;
  #problem: string | undefined = 'the certificate has not been read yet';

  constructor(options: MountedCertificatesOptions) {
    this.#options = options;
    this.#sleep = new WakefulSleep(options.clock);
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  async run(signal: AbortSignal, offered: (offer: Offer) => void): Promise<void> {
    this.#follow(signal);
    while (!signal.aborted) {
      await this.#look(offered);
      await this.#sleep.sleep(lookEvery, signal);
    }
  }

  /** Kubernetes swaps a link beside the files, so the directory is what tells. */
  #follow(signal: AbortSignal): void {
    const { directory, log } = this.#options;
    const untold = (error: unknown) => log.warn({ err: error, directory }, 'changes are found by looking each minute');
    try {
      const watcher = watch(directory, { signal, persistent: false }, () => this.#sleep.wake());
      watcher.on('error', untold);
    } catch (error) {
      untold(error);
    }
  }

  async #look(offered: (offer: Offer) => void): Promise<void> {
    const { directory, log } = this.#options;
    try {
      const leaf = await this.#read();
      if (leaf.certificate !== this.#served) offered({ leaf, trusted: undefined });
      this.#served = leaf.certificate;
      this.#problem = undefined;
    } catch (error) {
      this.#problem = `no certificate can be read from ${directory}: ${error instanceof Error ? error.message : String(error)}`;
      log.error({ err: error, directory }, 'the serving certificate cannot be read; one in use stays in use');
    }
  }

  async #read(): Promise<KeyedCertificate> {
    const { directory } = this.#options;
    const [certificate = '', privateKey = ''] = await Promise.all(
      ['tls.crt', 'tls.key'].map((file) => readFile(join(directory, file), 'utf8')),
    );
    const leaf = { certificate, privateKey };
    if (!fits(leaf)) throw new Error('tls.key is not the key of tls.crt');
    return leaf;
  }
}
