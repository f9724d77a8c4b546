import { TenantRegistry } from './tenant-registry.ts';

/**
 * What one broker does with a request.
 *
 * - `answering`: it answers.
 * - `hanging`: it takes the request and never answers.
 * - `refusing`: the connection is reset, as by a machine where nothing listens.
 * - `panicking`: as a broker that has not joined its cluster yet; what needs the cluster gets an empty reply or 503, and
 *   `/health/live` answers all the same.
 */
export type BrokerBehaviour = 'answering' | 'hanging' | 'refusing' | 'panicking';

/** The stand-in for the broker in one pod. */
export class PodStandIn {
  readonly ordinal: number;
  readonly #onRestart: (ordinal: number) => void;
  readonly #asked = new Map<string, number>();
  #behaviour: BrokerBehaviour = 'answering';
  #tenants = new TenantRegistry();
  #startedAt = performance.now();

  constructor(ordinal: number, onRestart: (ordinal: number) => void) {
    this.ordinal = ordinal;
    this.#onRestart = onRestart;
  }

  /** The broker's own ID, as its configuration gives it. */
  get brokerId(): number {
    return this.ordinal + 1;
  }

  get behaviour(): BrokerBehaviour {
    return this.#behaviour;
  }

  /** Changes what the broker does with requests from now on; those that hang already never get an answer. */
  is(behaviour: BrokerBehaviour): this {
    this.#behaviour = behaviour;
    return this;
  }

  /** Tells that the process began anew: its tenants are forgotten, and a wedged leader leads no more; others lead on. */
  restarted(): this {
    this.#tenants = new TenantRegistry();
    this.#startedAt = performance.now();
    this.#onRestart(this.ordinal);
    return this;
  }

  get tenants(): TenantRegistry {
    return this.#tenants;
  }

  /** Since the last restart, in seconds. */
  get uptimeSeconds(): number {
    return (performance.now() - this.#startedAt) / 1_000;
  }

  /** How often each thing was asked of this broker, by method and path, such as `GET /api/v1/cluster`. */
  get asked(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#asked);
  }

  /** Counts a request. */
  note(request: string): void {
    this.#asked.set(request, (this.#asked.get(request) ?? 0) + 1);
  }
}
