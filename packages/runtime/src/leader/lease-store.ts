import {
  type CallObservation,
  type Clock,
  type Connection,
  createClient,
  type Draft,
  type KubeClient,
  Lease,
  Reflector,
  type ReflectorProblem,
  TransportError,
} from '@capstan/kube';
import type { LeaseName } from './lease-record.ts';

/** Where a lease lies: everything an election asks of the outside world. */
export interface LeaseStore {
  /** As it is now; `undefined` when it does not exist. */
  read(timeoutMs: number): Promise<Lease | undefined>;
  /**
   * Creates it when it has no resourceVersion, else replaces exactly that version.
   * @throws an ApiError `Conflict` or `AlreadyExists` when somebody was faster
   */
  write(lease: Draft<Lease>, timeoutMs: number): Promise<Lease>;
  /** Tells of every change (`undefined`: it is not there) until the signal. Never rejects. */
  follow(onChange: (lease: Lease | undefined) => void, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface ApiLeaseStoreOptions {
  readonly connection: Connection;
  readonly userAgent: string;
  /** How long a request may go without an answer before the next one takes a new connection. */
  readonly patienceMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onCall: (call: CallObservation) => void;
  readonly onProblem: (problem: ReflectorProblem) => void;
}

/**
 * A lease in an API server, over connections of its own: renewals never wait behind other traffic. When a request goes
 * without an answer, the next one takes a new connection: the old one may be dead, or only slow, so it is let go on.
 */
export class ApiLeaseStore implements LeaseStore {
  readonly #name: LeaseName;
  readonly #options: ApiLeaseStoreOptions;
  /** Every client in use, with the number of its requests under way. */
  readonly #clients = new Map<KubeClient, number>();
  #current: KubeClient;

  constructor(name: LeaseName, options: ApiLeaseStoreOptions) {
    this.#name = name;
    this.#options = options;
    this.#current = this.#connect();
  }

  read(timeoutMs: number): Promise<Lease | undefined> {
    return this.#call((client) => client.get(Lease, this.#name, { timeoutMs }));
  }

  write(lease: Draft<Lease>, timeoutMs: number): Promise<Lease> {
    return this.#call((client) =>
      isStored(lease) ? client.replace(Lease, lease, { timeoutMs }) : client.create(Lease, lease, { timeoutMs }),
    );
  }

  async follow(onChange: (lease: Lease | undefined) => void, signal: AbortSignal): Promise<void> {
    const { clock, random, onProblem } = this.#options;
    const client = this.#connect();
    const { namespace, name } = this.#name;
    const sink = leaseSink(onChange);
    const fieldSelector = `metadata.name=${name}`;
    try {
      await new Reflector(client, Lease, { sink, namespace, fieldSelector, clock, random, onProblem }).run(signal);
    } finally {
      await client.close();
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#current, ...this.#clients.keys()].map((client) => client.close()));
  }

  async #call<R>(call: (client: KubeClient) => Promise<R>): Promise<R> {
    const client = this.#current;
    this.#clients.set(client, (this.#clients.get(client) ?? 0) + 1);
    const doubt = this.#options.clock.setTimeout(() => this.#leave(client), this.#options.patienceMs);
    try {
      return await call(client);
    } catch (error) {
      if (error instanceof TransportError) this.#leave(client);
      throw error;
    } finally {
      doubt.cancel();
      await this.#ended(client);
    }
  }

  #leave(client: KubeClient): void {
    if (client === this.#current) this.#current = this.#connect();
  }

  /** A client that was left is closed with the last of its requests. */
  async #ended(client: KubeClient): Promise<void> {
    const others = (this.#clients.get(client) ?? 1) - 1;
    if (others > 0) {
      this.#clients.set(client, others);
      return;
    }
    this.#clients.delete(client);
    if (client !== this.#current) await client.close();
  }

  #connect(): KubeClient {
    const { connection, userAgent, clock, random, onCall } = this.#options;
    return createClient(connection, { userAgent: `${userAgent}/leader-election`, clock, random, onCall });
  }
}

function isStored(lease: Draft<Lease>): lease is Lease {
  return lease.metadata.resourceVersion !== undefined;
}

/** The one lease that the field selector lets through. */
function leaseSink(onChange: (lease: Lease | undefined) => void) {
  let held: Lease | undefined;
  let seen = false;
  const tell = (lease: Lease | undefined) => {
    held = lease;
    onChange(lease);
  };
  return {
    restarted: () => {
      seen = false;
    },
    applied: (lease: Lease) => {
      seen = true;
      tell(lease);
    },
    deleted: () => tell(undefined),
    synced: () => {
      if (!seen) tell(undefined);
    },
    held: () => held,
  };
}
