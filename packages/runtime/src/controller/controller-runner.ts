import { randomUUID } from 'node:crypto';
import {
  ApiError,
  type Clock,
  type KubeClient,
  type KubeObject,
  kindNameOf,
  type ReflectorProblem,
  type ResourceType,
} from '@capstan/kube';
import type { Logger } from 'pino';
import { Informer } from '../cache/informer.ts';
import { keyOf, type ObjectKey, refOf } from '../cache/object-key.ts';
import type { Change } from '../cache/object-store.ts';
import { primaryAdmission } from '../cache/primary-admission.ts';
import { type Millis, minutes } from '../duration.ts';
import { ChildApplier } from '../engine/child-applier.ts';
import { FightLedger } from '../engine/fights.ts';
import { AppliedMemory } from '../engine/memory.ts';
import type { EngineNames } from '../engine/seal.ts';
import { TerminalError } from '../errors.ts';
import type { EventRecorder } from '../events/recorder.ts';
import type { Feed } from '../feed.ts';
import { NotLeading } from '../leader/fenced-client.ts';
import type { PassRecord, PassResult } from '../observe/pass-record.ts';
import { currentPass, PassTrace } from '../observe/pass-trace.ts';
import type { Rehearsal } from '../preview/rehearsal.ts';
import { type PassOutcome, type QueueDepth, type Trigger, type Work, WorkQueue } from '../queue/work-queue.ts';
import { redactText } from '../redact.ts';
import { ChildKinds, memoryKeyOf, ownerOf } from './child-kinds.ts';
import type { Runner, Watching } from './controller.ts';
import type { ControllerOptions, PrimaryKind, Resource, Result } from './reconciler.ts';
import { RunningPass } from './running-pass.ts';
import { StatusWriter } from './status-writer.ts';

export interface RunnerOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly recorder: EventRecorder;
  /** `[undefined]`: every namespace. */
  readonly namespaces: readonly (string | undefined)[];
  /** Told of every pass that ended. */
  readonly passes: Feed<PassRecord>;
  /** Only for `preview`: nothing may be changed. */
  readonly rehearsal?: Rehearsal;
}

const defaultConcurrency = 16;

/** Runs one controller: its informers feed the queue, its workers drain it. */
export class ControllerRunner<T extends Resource> implements Runner {
  readonly name: string;
  readonly kind: PrimaryKind<T>;
  readonly #kind: PrimaryKind<T>;
  readonly #controller: ControllerOptions<T>;
  readonly #options: RunnerOptions;
  readonly #log: Logger;
  readonly #names: EngineNames;
  readonly #memory = new AppliedMemory();
  readonly #queue: WorkQueue<ObjectKey>;
  readonly #kinds: ChildKinds;
  readonly #primaries: ReadonlyMap<string | undefined, Informer<T>>;
  readonly #applier: ChildApplier;
  readonly #fights: FightLedger;
  readonly #status: StatusWriter<T>;
  readonly #claims = new Map<string, ObjectKey>();
  /** Children that were deleted while their owner stood: forgotten when the owner goes without having got them back. */
  readonly #missing = new Map<ObjectKey, Set<string>>();

  constructor(kind: PrimaryKind<T>, controller: ControllerOptions<T>, options: RunnerOptions) {
    const { client, clock, random } = options;
    this.name = controller.name;
    this.kind = kind;
    this.#kind = kind;
    this.#controller = controller;
    this.#options = options;
    this.#log = options.log.child({ controller: controller.name });
    this.#names = engineNames(kind, controller);
    this.#queue = new WorkQueue({ clock, random });
    this.#kinds = new ChildKinds(controller.owns, {
      client,
      clock,
      names: this.#names,
      memory: this.#memory,
      primary: kind,
      namespaces: options.namespaces,
      onProblem: (problem) => this.#watchProblem(problem),
    });
    this.#primaries = new Map(options.namespaces.map((namespace) => [namespace, this.#primaryInformer(namespace)]));
    this.#applier = new ChildApplier({ client, names: this.#names, memory: this.#memory, clock, random });
    this.#fights = new FightLedger({ clock });
    this.#status = new StatusWriter(kind, { client, clock, fieldManager: controller.name });
    this.#connect();
  }

  /** Every informer of this controller, as what keeps watching: whatever its objects are. */
  informers(): readonly Watching[] {
    return [...this.#primaries.values(), ...this.#kinds.all.flatMap(({ informers }) => informers)];
  }

  get synced(): Promise<unknown> {
    return Promise.all(this.informers().map(({ synced }) => synced));
  }

  get concurrency(): number {
    return this.#controller.concurrency ?? defaultConcurrency;
  }

  queueDepth(): QueueDepth {
    return this.#queue.depth();
  }

  async watch(stop: AbortSignal): Promise<void> {
    if (stop.aborted) return;
    await Promise.all(this.informers().map((informer) => informer.run(stop)));
  }

  async work(stop: AbortSignal, abandon: AbortSignal): Promise<void> {
    const workers = Array.from({ length: this.#controller.concurrency ?? defaultConcurrency }, () =>
      this.#drain(stop, abandon),
    );
    await Promise.all(workers);
    this.#queue.shutDown();
  }

  #primaryInformer(namespace: string | undefined): Informer<T> {
    const { client, clock } = this.#options;
    const kind = this.#kind;
    const onProblem = (problem: ReflectorProblem) => this.#watchProblem(problem);
    return new Informer<T>({ client, type: kind, mode: 'full', namespace, clock, admit: primaryAdmission, onProblem });
  }

  #watchProblem({ kind, resource, error, ...rest }: ReflectorProblem): void {
    const what =
      kind === 'sink' ? 'an object could not be taken into the cache' : 'watch interrupted; it goes on by itself';
    this.#log.warn({ resource, err: error, ...rest }, what);
  }

  #connect(): void {
    for (const informer of this.#primaries.values()) {
      informer.onChange(({ key, before }, initial) => {
        const priority = initial ? 'initial' : 'edit';
        this.#queue.add(key, { priority, reason: before === undefined ? 'resource appeared' : 'resource changed' });
      });
    }
    for (const { type, informers } of this.#kinds.all) {
      for (const informer of informers)
        informer.onChange((change, initial) => this.#childChanged(type, change, initial));
    }
  }

  /** Both the former and the present owner hear of a child: a removed owner reference must be noticed too. */
  #childChanged(type: ResourceType, { key, before, after }: Change, initial: boolean): void {
    const verb = after === undefined ? 'deleted' : before === undefined ? 'appeared' : 'changed';
    const trigger: Trigger = {
      priority: initial ? 'initial' : 'child',
      reason: `${type.kind}/${refOf(key).name} ${verb}`,
    };
    const memoryKey = memoryKeyOf(type, key);
    for (const [ownerKey, uid] of this.#ownersOf(before, after)) {
      const owner = this.#resource(ownerKey);
      if (owner !== undefined) this.#queue.add(ownerKey, trigger);
      if (after === undefined) this.#childGone(memoryKey, ownerKey, owner?.metadata.uid === uid);
    }
    if (after === undefined) this.#nameIsFree(memoryKey, trigger);
  }

  #nameIsFree(memoryKey: string, trigger: Trigger): void {
    const claimant = this.#claims.get(memoryKey);
    if (claimant === undefined) return;
    this.#claims.delete(memoryKey);
    this.#queue.add(claimant, trigger);
  }

  #ownersOf(...children: readonly (KubeObject | undefined)[]): ReadonlyMap<ObjectKey, string> {
    const owners = children.flatMap((child) => (child && ownerOf(child, this.#kind)) ?? []);
    return new Map(owners.map((owner) => [keyOf(owner), owner.uid]));
  }

  /** While the owner stands, a child that is gone is remembered, so that its return counts as a repair. */
  #childGone(memoryKey: string, ownerKey: ObjectKey, ownerStands: boolean): void {
    if (!ownerStands) this.#forgetChild(memoryKey);
    else this.#missing.set(ownerKey, (this.#missing.get(ownerKey) ?? new Set()).add(memoryKey));
  }

  #forgetChild(memoryKey: string): void {
    this.#memory.forget(memoryKey);
    this.#fights.forget(memoryKey);
    this.#applier.forget(memoryKey);
  }

  #resource(key: ObjectKey): T | undefined {
    return this.#primaryFor(key)?.store.get(key);
  }

  #primaryFor(key: ObjectKey): Informer<T> | undefined {
    return this.#primaries.get(undefined) ?? this.#primaries.get(refOf(key).namespace);
  }

  async #drain(stop: AbortSignal, abandon: AbortSignal): Promise<void> {
    for (let work = await this.#queue.next(stop); work !== undefined; work = await this.#queue.next(stop))
      await this.#pass(work, abandon);
  }

  /** One pass, whatever happens in it: an error of one resource never reaches the others. */
  async #pass(work: Work<ObjectKey>, signal: AbortSignal): Promise<void> {
    const { namespace, name } = refOf(work.key);
    const startedAt = this.#options.clock.monotonic();
    const trace = new PassTrace(randomUUID(), startedAt);
    const log = this.#log.child({ namespace, name, reconcile_id: trace.reconcileID });
    const resource = this.#resource(work.key);
    const ended = await currentPass.run(trace, () => this.#endOf(work, trace, log, signal));
    const durationMs = this.#options.clock.monotonic() - startedAt;
    if (ended.result === 'Done' || ended.result === 'Requeued')
      log.debug({ triggers: reasonsOf(work), durationMs: Math.round(durationMs) }, 'reconciled');
    this.#options.passes.publish(this.#recordOf(work, resource, trace, ended, durationMs));
    this.#queue.done(work, ended.outcome);
  }

  async #endOf(work: Work<ObjectKey>, trace: PassTrace, log: Logger, signal: AbortSignal): Promise<PassEnd> {
    try {
      return await this.#reconcile(work, trace, log, signal);
    } catch (error) {
      return this.#afterError(error, work.key, log, signal);
    }
  }

  async #reconcile(work: Work<ObjectKey>, trace: PassTrace, log: Logger, signal: AbortSignal): Promise<PassEnd> {
    const informer = this.#primaryFor(work.key);
    const resource = this.#resource(work.key);
    if (informer === undefined || resource === undefined) return this.#forget(work.key);
    // Its children go with it by their owner references; nothing is made or repaired for a resource that is leaving.
    if (resource.metadata.deletionTimestamp !== undefined) return { outcome: 'ok', result: 'Done' };
    const pass = new RunningPass<T>({
      key: work.key,
      resource,
      informer,
      apply: this.#applyContext(signal),
      status: this.#status,
      recorder: this.#options.recorder,
      rehearsal: this.#options.rehearsal,
      log,
      trace,
      triggers: reasonsOf(work),
    });
    const outcome = queueOutcome(await this.#controller.reconcile(resource, pass), pass);
    const isRetried = typeof outcome === 'object' && 'retry' in outcome;
    return { outcome, result: isRetried ? 'Retried' : outcome === 'ok' ? 'Done' : 'Requeued' };
  }

  #recordOf(
    work: Work<ObjectKey>,
    resource: T | undefined,
    trace: PassTrace,
    { outcome, result, error }: PassEnd,
    durationMs: number,
  ): PassRecord {
    const { namespace, name } = refOf(work.key);
    const { uid, resourceVersion, generation } = resource?.metadata ?? {};
    const { reconcileID, reads, calls, children, status } = trace;
    const { triggers, failures: failuresBefore, waitedMs } = work;
    const startedAt = new Date(this.#options.clock.now() - durationMs).toISOString();
    const requeued = typeof outcome === 'object' && 'requeueAfterMs' in outcome;
    return {
      ...{ reconcileID, controller: this.name, kind: kindNameOf(this.kind), name, startedAt, durationMs, waitedMs },
      ...{ triggers, failuresBefore, reads, calls, children, result },
      ...(namespace !== undefined && { namespace }),
      ...(resource !== undefined && { resource: { uid, resourceVersion, generation } }),
      ...(status !== undefined && { status }),
      ...(error !== undefined && { error: redactText(error) }),
      ...(requeued && { nextAfterMs: outcome.requeueAfterMs }),
    };
  }

  #applyContext(signal: AbortSignal) {
    const { client, clock } = this.#options;
    return {
      client,
      clock,
      kinds: this.#kinds,
      names: this.#names,
      memory: this.#memory,
      applier: this.#applier,
      fights: this.#fights,
      claims: this.#claims,
      primary: this.#kind,
      signal,
    };
  }

  #forget(key: ObjectKey): PassEnd {
    this.#status.forget(key);
    for (const memoryKey of this.#missing.get(key) ?? []) this.#forgetChild(memoryKey);
    this.#missing.delete(key);
    for (const [memoryKey, claimant] of this.#claims) if (claimant === key) this.#claims.delete(memoryKey);
    return { outcome: 'ok', result: 'Gone' };
  }

  #afterError(error: unknown, key: ObjectKey, log: Logger, signal: AbortSignal): PassEnd {
    if (signal.aborted || error instanceof NotLeading)
      return { outcome: 'ok', result: 'Done', error: messageOf(error) };
    if (error instanceof TerminalError) return this.#refused(error, key, log);
    if (error instanceof ApiError && error.isConflict) log.debug({ err: error }, 'changed meanwhile; looking again');
    else log.error({ err: error }, 'pass failed; it will be tried again');
    return { outcome: { retry: true }, result: 'Retried', error: messageOf(error) };
  }

  #refused(error: TerminalError, key: ObjectKey, log: Logger): PassEnd {
    log.error({ err: error }, 'refused; waiting for a change of the resource');
    const { reason, message: note } = error;
    const resource = this.#resource(key);
    if (resource !== undefined)
      this.#options.recorder.record(resource, { type: 'Warning', reason, action: 'Reconcile', note });
    return { outcome: 'ok', result: 'Refused', error: note };
  }
}

/** What a pass came to: for the queue, and for those who watch. */
interface PassEnd {
  readonly outcome: PassOutcome;
  readonly result: PassResult;
  readonly error?: string;
}

function reasonsOf({ triggers }: Work<ObjectKey>): readonly string[] {
  return triggers.map(({ reason }) => reason);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Usually ended by an edit of the resource, but an admission policy refuses with the same words, and may be mended silently. */
const usuallyEndedByAnEdit: ReadonlySet<string> = new Set(['Invalid', 'BadRequest', 'SchemaMismatch']);

/** How long until a refusal is tried again: what ends it elsewhere (permissions, quotas, a taken name) makes no event. */
function patienceWith(reason: string): Millis {
  return usuallyEndedByAnEdit.has(reason) ? minutes(10) : minutes(1);
}

/** Transient failures of children are retried with back-off; the rest comes back at its time. */
function queueOutcome<T extends Resource>(result: Result, pass: RunningPass<T>): PassOutcome {
  const { failures = [], contests = [] } = pass.outcome ?? {};
  if (failures.some(({ terminal }) => !terminal)) return { retry: true };
  const waits = [
    result.recheckAfterMs,
    ...contests.map(({ retryAfterMs }) => retryAfterMs),
    ...failures.map(({ reason }) => patienceWith(reason)),
  ].filter((wait) => wait !== undefined);
  return waits.length === 0 ? 'ok' : { requeueAfterMs: Math.min(...waits) };
}

/** The names under which a controller marks and owns what it applies. */
export function engineNames(
  kind: ResourceType,
  { name, formerManagers = [] }: { readonly name: string; readonly formerManagers?: readonly string[] },
): EngineNames {
  return {
    fieldManager: name,
    sealAnnotation: `${kind.group}/applied`,
    liveAnnotation: `${kind.group}/applied-live`,
    adoptAnnotation: `${kind.group}/adopt`,
    retainAnnotation: `${kind.group}/retained-for`,
    exclusiveAnnotation: `${kind.group}/exclusive`,
    formerManagers,
  };
}
