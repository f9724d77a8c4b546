import { randomBytes } from 'node:crypto';
import { ApiError, type Clock, type KubeClient, type ObjectRef, Secret } from '@capstan/kube';
import type { Logger } from 'pino';
import { compareResourceVersions } from '../../cache/resource-version.ts';
import { minutes, seconds } from '../../duration.ts';
import { backoffMs } from '../../queue/backoff.ts';
import { WakefulSleep } from '../wakeful-sleep.ts';
import { WatchedObject } from '../watched-object.ts';
import type { Certificates, Offer } from './certificates.ts';
import { isValid, renewal } from './renewal.ts';
import {
  certificateIn,
  certificatesIn,
  isFor,
  materialIn,
  type ServingMaterial,
  secretData,
} from './serving-material.ts';

/** Timers stand still while a container is paused: the wall clock is asked each minute instead. */
const lookEvery = minutes(1);

/**
 * How fast this replica writes again, the more often the slower, and after which calm it counts as new: two that disagree,
 * as by clocks far apart, would write in turn without end.
 */
const pace = { baseMs: seconds(1), maxMs: minutes(5), calm: minutes(15) };

export interface ManagedCertificatesOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  /** The operator's name: who writes the Secret, and what the certificates are called. */
  readonly name: string;
  readonly secret: ObjectRef;
  /** DNS names and IPv4 addresses by which API servers call. */
  readonly hosts: readonly string[];
}

/**
 * Certificates that the operator makes for itself and renews, kept in a Secret which all its replicas share. Whoever finds
 * one due makes the next; a write counts only against the version it was decided on, so that of several replicas one wins
 * and the others take what it wrote. A Secret that is deleted or broken is made anew.
 */
export class ManagedCertificates implements Certificates {
  readonly #options: ManagedCertificatesOptions;
  readonly #sleep: WakefulSleep;
  readonly #secret: WatchedObject<Secret>;
  #held: ServingMaterial | undefined;
  #writtenVersion: string | undefined;
  #writings = 0;
  #lastWrittenAt = Number.NEGATIVE_INFINITY;
  #problem: string | undefined;

  constructor(options: ManagedCertificatesOptions) {
    this.#options = options;
    this.#sleep = new WakefulSleep(options.clock);
    this.#secret = new WatchedObject({
      ...{ client: options.client, clock: options.clock, log: options.log, type: Secret, ref: options.secret },
      keep: ({ apiVersion, kind, metadata: { name, namespace, uid, resourceVersion }, data = {} }) => ({
        ...{ apiVersion, kind, data },
        metadata: {
          name,
          ...(namespace && { namespace }),
          ...(uid && { uid }),
          ...(resourceVersion && { resourceVersion }),
        },
      }),
      onChange: () => this.#sleep.wake(),
    });
  }

  get problem(): string | undefined {
    return this.#problem ?? (this.#held === undefined ? 'there is no certificate yet' : undefined);
  }

  async run(signal: AbortSignal, offered: (offer: Offer) => void): Promise<void> {
    const watching = this.#secret.run(signal);
    await this.#secret.known(signal);
    let failures = 0;
    while (!signal.aborted) {
      failures = (await this.#look(offered, signal)) ? 0 : failures + 1;
      const { random } = this.#options;
      const calm = Math.min(lookEvery, this.#pause() || lookEvery);
      await this.#sleep.sleep(failures === 0 ? calm : backoffMs(failures, random), signal);
    }
    await watching;
  }

  /** False when it is to be tried again soon. */
  async #look(offered: (offer: Offer) => void, signal: AbortSignal): Promise<boolean> {
    try {
      const material = await this.#current(signal);
      if (material !== undefined && material.leaf.certificate !== this.#held?.leaf.certificate) {
        this.#held = material;
        offered({ leaf: material.leaf, trusted: material.trusted });
      }
      this.#problem = undefined;
      return true;
    } catch (error) {
      return signal.aborted || this.#failed(error);
    }
  }

  /** What is to be served now: what the Secret holds, or what takes its place. */
  async #current(signal: AbortSignal): Promise<ServingMaterial | undefined> {
    const { clock, log, name, hosts, secret: ref } = this.#options;
    const secret = this.#secret.object;
    if (this.#isOutdated(secret)) return this.#held;
    const stored = secret === undefined ? undefined : materialIn(secret);
    if (secret !== undefined && stored === undefined)
      log.warn(
        { object: `Secret/${ref.name}`, namespace: ref.namespace },
        'the Secret holds no sound certificates: new ones are made',
      );
    const trusted = this.#held?.trusted ?? certificatesIn(textIn(secret, 'ca.crt'));
    const next = await renewal(stored ?? { trusted }, { name, hosts, now: clock.now() });
    if (next === undefined) return stored;
    if (this.#pause() > 0) return this.#isOfUse(stored) ? stored : this.#held;
    await this.#write(next, secret, signal);
    const isNewAuthority = next.authority.certificate !== stored?.authority.certificate;
    log.info(
      { object: `Secret/${ref.name}`, namespace: ref.namespace },
      isNewAuthority ? 'a new authority and a new certificate were made' : 'the serving certificate was renewed',
    );
    return next;
  }

  /** How long until this replica may write again, in ms. */
  #pause(): number {
    if (this.#writings === 0) return 0;
    const due = Math.min(pace.maxMs, pace.baseMs * 2 ** (this.#writings - 1));
    return Math.max(0, this.#lastWrittenAt + due - this.#options.clock.monotonic());
  }

  /** Whether it can be served although it is to be replaced. */
  #isOfUse(stored: ServingMaterial | undefined): boolean {
    const { clock, hosts } = this.#options;
    const leaf = stored && certificateIn(stored.leaf.certificate);
    return isValid(leaf, clock.now()) && isFor(leaf, hosts);
  }

  /** What the watch shows is older than what this replica has written. */
  #isOutdated(secret: Secret | undefined): boolean {
    if (this.#writtenVersion === undefined || secret === undefined) return false;
    return compareResourceVersions(secret.metadata.resourceVersion ?? '', this.#writtenVersion) < 0;
  }

  /**
   * Only where nobody wrote in between. A creation knows no version: it is made as a manager of its own and without force,
   * so that it fails where another replica created the Secret first. Both need no permission but for this one name.
   */
  async #write(material: ServingMaterial, before: Secret | undefined, signal: AbortSignal): Promise<void> {
    const { client, name, secret: ref } = this.#options;
    const version = before?.metadata.resourceVersion;
    const body: Secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: ref.name,
        ...(ref.namespace && { namespace: ref.namespace }),
        ...(version && { resourceVersion: version }),
      },
      ...(before === undefined && { type: 'kubernetes.io/tls' }),
      data: secretData(material),
    };
    const fieldManager = before === undefined ? `${name}-${randomBytes(4).toString('hex')}` : name;
    const written = await client.apply(Secret, body, { fieldManager, force: before !== undefined, signal });
    this.#writtenVersion = written.metadata.resourceVersion;
    const now = this.#options.clock.monotonic();
    this.#writings = now - this.#lastWrittenAt > pace.calm ? 1 : this.#writings + 1;
    this.#lastWrittenAt = now;
  }

  #failed(error: unknown): boolean {
    const { log, secret: ref } = this.#options;
    // Another replica was first; the watch brings what it wrote.
    if (error instanceof ApiError && error.isConflict) return false;
    const why = error instanceof Error ? error.message : String(error);
    this.#problem = `the Secret ${ref.namespace}/${ref.name} cannot be written: ${why}`;
    log.error(
      { err: error, secret: ref.name, namespace: ref.namespace },
      'certificates cannot be renewed; tried again soon',
    );
    return false;
  }
}

function textIn(secret: Secret | undefined, key: string): string {
  return Buffer.from(secret?.data?.[key] ?? '', 'base64').toString('utf8');
}
