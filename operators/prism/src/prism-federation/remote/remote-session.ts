import { ApiError, type Clock, type Connection, createClient, type KubeClient, Reflector } from '@capstan/kube';
import { type Millis, millis, seconds } from '@capstan/runtime';
import { PrismCluster } from '../../api/v1alpha1/prism-cluster.ts';
import type { Observation } from '../decision/decision.ts';
import { type Contact, contactAfter } from './contact.ts';
import type { Address, Knock } from './knock.ts';
import { latencyStep } from './latency-steps.ts';
import { OneObject } from './one-object.ts';
import { ProbeRecord } from './probe-record.ts';
import type { Propagation, WantedCluster } from './propagated.ts';
import { RemoteWriter, type WriterTarget } from './remote-writer.ts';
import { type Reported, reportedBy } from './reported.ts';

/** What a session is for; another one needs another session. */
export interface RemoteTarget extends WriterTarget {
  readonly connection: Connection;
  readonly proxy?: Address;
  readonly interval: Millis;
}

export interface SessionOptions {
  readonly clock: Clock;
  readonly knock: Knock;
  readonly userAgent: string;
  /** Told when anything about the cluster may be different. */
  readonly onNews: () => void;
  /** Told when something is to be written, for which a pass has to {@link RemoteSession.want} it again. */
  readonly onDue: () => void;
  /** What earlier sessions found of the same place. */
  readonly record?: ProbeRecord;
}

/** Everything that is known of one cluster. */
export interface Sighting {
  readonly api: Contact;
  /** Of the watch of its PrismCluster. */
  readonly watch: Contact;
  readonly proxy?: Contact;
  /** Whether it can take traffic, by its newest probe; `Answers` when it can. */
  readonly health: Contact;
  readonly observation: Observation;
  readonly latencyStep?: number;
  readonly phase?: string;
  readonly propagation?: Propagation;
}

/** How long a watch may take to be refused. */
const refusedWithin = seconds(2);

/** How long a watch may be refused before what it brought counts no more. */
const refusedFor = seconds(60);

/** How long the first snapshot may take before a cluster that answers counts as one that fails. */
const firstSnapshot = seconds(15);

/**
 * The eyes and hands of a federation in one remote cluster: connections, a watch and probes of its own, so that one that hangs takes
 * nothing from the others.
 */
export class RemoteSession {
  readonly #target: RemoteTarget;
  readonly #options: SessionOptions;
  /** Probes do not wait behind anything else. */
  readonly #probes: KubeClient;
  readonly #work: KubeClient;
  /** What its probes came to, for the next session of the same place. */
  readonly record: ProbeRecord;
  readonly #seen: OneObject<PrismCluster>;
  readonly #writer: RemoteWriter;
  readonly #reflector: Reflector<PrismCluster>;
  #api: Contact = 'Unknown';
  #proxy: Contact = 'Unknown';
  #health: Contact = 'Unknown';
  #watchTrouble: { readonly contact: Contact; readonly since: number; readonly at: number } | undefined;
  #step: number | undefined;

  constructor(target: RemoteTarget, options: SessionOptions) {
    const { clock, userAgent, record, onNews, onDue } = options;
    this.#target = target;
    this.#options = options;
    this.record = record ?? new ProbeRecord();
    this.#probes = createClient(target.connection, { userAgent, clock, connectTimeoutMs: target.timeout });
    this.#work = createClient(target.connection, { userAgent, clock });
    this.#seen = new OneObject(() => this.#noticed());
    this.#writer = new RemoteWriter(target, { client: this.#work, seen: this.#seen, clock, onNews, onDue });
    this.#reflector = new Reflector(this.#work, PrismCluster, {
      ...{ sink: this.#seen, namespace: target.at.namespace, fieldSelector: `metadata.name=${target.at.name}`, clock },
      onProblem: ({ error }) => this.#watchFailed(error),
    });
  }

  /** What is to be there by the pass that runs now; nothing is written without one. */
  want(wanted: WantedCluster | undefined): void {
    this.#writer.want(wanted);
  }

  sighting(): Sighting {
    const { phase } = this.#reported;
    const { propagation } = this.#writer;
    return {
      ...{ api: this.#api, watch: this.#watch, health: this.#health, observation: this.record.observation },
      ...(this.#target.proxy !== undefined && { proxy: this.#proxy }),
      ...(this.#step !== undefined && { latencyStep: this.#step }),
      ...(phase !== undefined && { phase }),
      ...(propagation !== undefined && { propagation }),
    };
  }

  /** Observes and writes until the signal; never rejects. */
  async run(stop: AbortSignal): Promise<void> {
    await Promise.all([this.#reflector.run(stop), this.#probing(stop), this.#writer.run(stop)]);
    await Promise.all([this.#probes.close(), this.#work.close()]);
  }

  /**
   * Deletes the PrismCluster that was propagated; true when it is gone, and nothing is on its way that would make it anew.
   * @throws {ApiError} or {TransportError} when that cannot be done now
   */
  remove(signal: AbortSignal): Promise<boolean> {
    return this.#writer.remove(signal);
  }

  get #watch(): Contact {
    const trouble = this.#watchTrouble;
    if (trouble !== undefined && !this.#isOver(trouble.at)) return trouble.contact;
    return this.#seen.isSynced ? 'Answers' : 'Unknown';
  }

  /** A watch that goes on brings nothing while nothing happens; one that is refused is so at once. */
  #isOver(since: number): boolean {
    const { state, lastContactAgeMs = Number.POSITIVE_INFINITY } = this.#reflector.health();
    const age = this.#options.clock.monotonic() - since;
    return lastContactAgeMs < age || (state === 'watching' && age > refusedWithin);
  }

  /** An API server that starts refuses watches for a moment; what was seen before that still counts. */
  get #isRecent(): boolean {
    const { since = Number.NEGATIVE_INFINITY } = this.#watchTrouble ?? {};
    return this.#seen.isSynced && this.#options.clock.monotonic() - since < refusedFor;
  }

  /** Whether the API server answers is for the probes to say; a watch that broke off goes on from where it ended. */
  #watchFailed(error: unknown): void {
    if (this.#seen.isSynced && !(error instanceof ApiError)) return;
    const at = this.#options.clock.monotonic();
    const former = this.#watchTrouble;
    const since = former === undefined || this.#isOver(former.at) ? at : former.since;
    this.#watchTrouble = { contact: contactAfter(error), since, at };
    this.#options.onNews();
  }

  #noticed(): void {
    this.#watchTrouble = undefined;
    this.#writer.look();
    this.#options.onNews();
  }

  async #probing(stop: AbortSignal): Promise<void> {
    const { clock, onNews } = this.#options;
    const { interval } = this.#target;
    const begun = clock.monotonic();
    while (!stop.aborted) {
      const startedAt = clock.monotonic();
      await this.#probe(stop, startedAt - begun < firstSnapshot).catch(() => this.#notUnderstood());
      if (stop.aborted) return;
      onNews();
      await clock.sleep(Math.max(0, interval - (clock.monotonic() - startedAt)), stop).catch(() => {}); // Only the signal ends a sleep, and the loop looks at it next.
    }
  }

  async #probe(stop: AbortSignal, isFirst: boolean): Promise<void> {
    const { proxy, timeout } = this.#target;
    const api = this.#timed(() => this.#probes.raw('/readyz', { signal: stop, timeoutMs: timeout, accept: '*/*' }));
    const knocked = proxy === undefined ? undefined : this.#timed(() => this.#options.knock(proxy, timeout, stop));
    const answers = { api: await api, proxy: await knocked };
    if (stop.aborted) return;
    this.#api = answers.api.contact;
    if (answers.proxy !== undefined) this.#proxy = answers.proxy.contact;
    this.#judge(answers.proxy ?? answers.api, isFirst);
  }

  /** Whatever a cluster answers, it is a failure of that cluster alone. */
  #notUnderstood(): void {
    this.#health = { reason: 'Failed', message: 'What it answers cannot be understood.' };
    this.record.note({ well: false });
  }

  /** By the proxies where they are reached from here; else by the API server, and by what it says of the proxies. */
  #judge({ contact, took }: Answer, isFirst: boolean): void {
    const decides = contact === 'Answers' ? this.#ownHealth() : contact;
    if (decides === 'Unknown' && isFirst) return;
    this.#health =
      decides === 'Unknown' ? { reason: 'NotSeen', message: 'Its PrismCluster cannot be watched.' } : decides;
    this.record.note(this.#health === 'Answers' ? { well: true, took } : { well: false });
    const { latency } = this.record;
    if (latency !== undefined) this.#step = latencyStep(latency, this.#step);
  }

  /** What its PrismCluster says. With proxies that answer, one that cannot be seen is no reason against it. */
  #ownHealth(): Contact {
    const cluster = this.#seen.object;
    const isDirect = this.#target.proxy !== undefined;
    if (this.#watch !== 'Answers' && !this.#isRecent) return isDirect ? 'Answers' : this.#watch;
    if (cluster === undefined) return isDirect ? 'Answers' : noCluster(this.#target.at);
    return serves(this.#reported) ? 'Answers' : notServing(this.#reported);
  }

  get #reported(): Reported {
    return reportedBy(this.#seen.object);
  }

  async #timed(call: () => Promise<unknown>): Promise<Answer> {
    const { clock } = this.#options;
    const startedAt = clock.monotonic();
    const contact = await call().then((): Contact => 'Answers', contactAfter);
    return { contact, took: millis(clock.monotonic() - startedAt) };
  }
}

interface Answer {
  readonly contact: Contact;
  readonly took: Millis;
}

function noCluster({ namespace, name }: RemoteTarget['at']): Contact {
  return { reason: 'PrismClusterMissing', message: `There is no PrismCluster ${name} in namespace ${namespace}.` };
}

/** Its proxies serve, as its own operator says; one of before that was told so is judged by its phase. */
function serves({ serves: told, phase }: Reported): boolean {
  return told ?? phase === 'Running';
}

function notServing({ phase }: Reported): Contact {
  return {
    reason: 'ProxiesUnavailable',
    message: `Its proxies do not serve; its PrismCluster is ${phase ?? 'new'}.`,
  };
}
