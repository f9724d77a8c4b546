import { ApiError, type Clock, type Draft, type Lease, sleepOn, type Timer, TransportError } from '@capstan/kube';
import type { FakeClock } from '@capstan/testkit';
import { pino } from 'pino';
import { Candidate } from './candidate.ts';
import type { Tenure } from './leadership.ts';
import type { LeaseStore } from './lease-store.ts';
import { type LeaseTerms, leaseTerms } from './lease-terms.ts';

export const leaseName = { namespace: 'default', name: 'operator' };

/** A process's own time: it stands still for its timers while the process is stopped, and its wall clock may be wrong. */
export class ProcessClock implements Clock {
  readonly #base: Clock;
  #due: (() => void)[] = [];
  #isStopped = false;
  wallOffsetMs = 0;

  constructor(base: Clock) {
    this.#base = base;
  }

  now(): number {
    return this.#base.now() + this.wallOffsetMs;
  }

  monotonic(): number {
    return this.#base.monotonic();
  }

  setTimeout(callback: () => void, ms: number): Timer {
    let isCancelled = false;
    const run = () => {
      if (!isCancelled) callback();
    };
    const timer = this.#base.setTimeout(() => (this.#isStopped ? this.#due.push(run) : run()), ms);
    const cancel = () => {
      isCancelled = true;
      timer.cancel();
    };
    return { cancel };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal);
  }

  /** SIGSTOP: nothing of this process runs, time goes on. */
  stop(): void {
    this.#isStopped = true;
  }

  /** SIGCONT: what fell due meanwhile runs now. */
  goOn(): void {
    this.#isStopped = false;
    for (const run of this.#due.splice(0)) run();
  }
}

/** How the network treats one process. */
export interface Network {
  /** To the server and back again, in ms each. */
  latencyMs: number;
  /** `lostRequests` never arrive; of `lostAnswers` the server acts on the request and nobody hears of it. */
  state: 'up' | 'lostRequests' | 'lostAnswers';
}

/** The rules by which an API server keeps one Lease: versions, conflicts, watches. */
export class LeaseOnServer {
  readonly #clock: Clock;
  readonly #followers = new Set<() => void>();
  #version = 0;
  lease: Lease | undefined;
  writes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  put(wanted: Draft<Lease>): Lease {
    const { resourceVersion } = wanted.metadata;
    if (resourceVersion === undefined && this.lease !== undefined) throw refusal(409, 'AlreadyExists');
    if (resourceVersion !== undefined && this.lease === undefined) throw refusal(404, 'NotFound');
    if (resourceVersion !== this.lease?.metadata.resourceVersion) throw refusal(409, 'Conflict');
    this.#version += 1;
    this.writes += 1;
    const uid = this.lease?.metadata.uid ?? `uid-${this.#version}`;
    this.lease = {
      ...wanted,
      metadata: { ...wanted.metadata, ...leaseName, uid, resourceVersion: String(this.#version) },
    };
    this.announce();
    return this.lease;
  }

  delete(): void {
    this.lease = undefined;
    this.announce();
  }

  storeFor(clock: ProcessClock, network: Network): LeaseStore {
    return {
      read: (timeoutMs) => this.#call(clock, network, timeoutMs, () => this.lease),
      write: (lease, timeoutMs) => this.#call(clock, network, timeoutMs, () => this.put(lease)),
      follow: (onChange, signal) => this.#follow(clock, network, onChange, signal),
      close: async () => {},
    };
  }

  /** Tells those who watch how it is now, as a watch does that stands again. */
  announce(): void {
    for (const tell of this.#followers) tell();
  }

  /** A request on its way goes on while its process is stopped; its answer waits for the process. */
  #call<R>(clock: ProcessClock, network: Network, timeoutMs: number, act: () => R): Promise<R> {
    return new Promise((resolve, reject) => {
      const limit = clock.setTimeout(() => reject(new TransportError('no answer', { maySent: true })), timeoutMs);
      if (network.state === 'lostRequests') return;
      const isHeard = network.state === 'up';
      const { latencyMs } = network;
      this.#clock.setTimeout(() => {
        const answer = settle(act);
        if (!isHeard) return;
        clock.setTimeout(() => {
          limit.cancel();
          answer().then(resolve, reject);
        }, latencyMs);
      }, latencyMs);
    });
  }

  async #follow(
    clock: ProcessClock,
    network: Network,
    onChange: (lease: Lease | undefined) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const tell = () => {
      const { lease } = this;
      if (network.state === 'up') clock.setTimeout(() => !signal.aborted && onChange(lease), network.latencyMs);
    };
    this.#followers.add(tell);
    tell();
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
    this.#followers.delete(tell);
  }
}

/** What the server did happens now; who hears of it, later. */
function settle<R>(act: () => R): () => Promise<R> {
  try {
    const value = act();
    return async () => value;
  } catch (error) {
    return () => Promise.reject(error);
  }
}

function refusal(status: number, reason: string): ApiError {
  return new ApiError({ status, reason, message: `lease: ${reason}`, request: 'PUT lease' });
}

/** A process that stands for election, with everything a test may do to it. */
export class Contender {
  readonly identity: string;
  readonly clock: ProcessClock;
  readonly network: Network = { latencyMs: 5, state: 'up' };
  readonly #stop = new AbortController();
  readonly campaign: Promise<Tenure | undefined>;
  tenure: Tenure | undefined;

  constructor(
    identity: string,
    server: LeaseOnServer,
    base: FakeClock,
    { terms = {}, onLead = () => {} }: { readonly terms?: Partial<LeaseTerms>; readonly onLead?: () => void } = {},
  ) {
    this.identity = identity;
    this.clock = new ProcessClock(base);
    const claim = {
      identity,
      terms: leaseTerms(terms),
      annotations: { 'capstan.dev/debug-url': `http://${identity}` },
    };
    const candidate = new Candidate({
      store: server.storeFor(this.clock, this.network),
      name: leaseName,
      claim: () => claim,
      clock: this.clock,
      random: () => 0.5,
      log: pino({ level: 'silent' }),
    });
    this.campaign = candidate.campaign(this.#stop.signal).then(
      (tenure) => {
        this.tenure = tenure;
        onLead();
        return tenure;
      },
      () => undefined,
    );
  }

  get isHeld(): boolean {
    return this.tenure?.isHeld ?? false;
  }

  /** A clean stop, as on SIGTERM. */
  async leave(): Promise<void> {
    this.#stop.abort(new Error('told to stop'));
    await this.campaign;
    await this.tenure?.release();
  }

  /** As by SIGKILL: it never runs again, and nothing of it is sent. */
  die(): void {
    this.clock.stop();
    this.network.state = 'lostRequests';
  }
}
