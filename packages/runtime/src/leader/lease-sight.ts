import { ApiError, type Clock, type KubeClient, Lease, type ReflectorProblem } from '@capstan/kube';
import type { Logger } from 'pino';
import { Informer } from '../cache/informer.ts';

/** Leases of one name, in one namespace or (`undefined`) in all. */
export interface LeasePlace {
  readonly lease: string;
  readonly namespace: string | undefined;
}

/** Who is told what is seen at a place. */
export interface LeaseWitness {
  /**
   * A lease is there, has changed, or (`undefined`) is gone.
   * @param isNews false for what was there already when the first look at the place began
   */
  saw(namespace: string, lease: Lease | undefined, isNews: boolean): void;
  /** The first look is complete. */
  looked(): void;
}

/** How leases of others are looked for: everything their watch asks of the outside world. */
export interface LeaseSight {
  /** Tells of every lease at the place until the signal, or until the API server says that it may not be looked at. Never rejects. */
  follow(place: LeasePlace, witness: LeaseWitness, signal: AbortSignal): Promise<'stopped' | 'forbidden'>;
}

export interface ApiLeaseSightOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Leases in an API server, followed by a watch: where nothing changes, nothing is asked. */
export class ApiLeaseSight implements LeaseSight {
  readonly #options: ApiLeaseSightOptions;

  constructor(options: ApiLeaseSightOptions) {
    this.#options = options;
  }

  async follow(place: LeasePlace, witness: LeaseWitness, signal: AbortSignal): Promise<'stopped' | 'forbidden'> {
    const forbidden = new AbortController();
    const informer = this.#informer(place, () => forbidden.abort());
    informer.onChange(({ before, after }, initial) => {
      const namespace = (after ?? before)?.metadata.namespace;
      if (namespace !== undefined) witness.saw(namespace, after, !initial);
    });
    void informer.synced.then(() => witness.looked());
    await informer.run(AbortSignal.any([signal, forbidden.signal]));
    return signal.aborted ? 'stopped' : 'forbidden';
  }

  #informer({ lease, namespace }: LeasePlace, onForbidden: () => void): Informer<Lease> {
    const { client, clock, log } = this.#options;
    return new Informer<Lease>({
      ...{ client, clock, type: Lease, mode: 'full', namespace, fieldSelector: `metadata.name=${lease}` },
      admit: (keep) => ({ keep, quiet: false }),
      onProblem: (problem) => {
        if (isForbidden(problem)) onForbidden();
        else log.warn({ err: problem.error, lease, namespace }, 'the watch for another operator is interrupted');
      },
    });
  }
}

function isForbidden({ error }: ReflectorProblem): boolean {
  return error instanceof ApiError && error.status === 403;
}
