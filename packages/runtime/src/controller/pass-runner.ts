import { randomUUID } from 'node:crypto';
import { ApiError, kindNameOf } from '@capstan/kube';
import type { Logger } from 'pino';
import { type ObjectKey, refOf } from '../cache/object-key.ts';
import { type Millis, minutes } from '../duration.ts';
import { isTerminal, type Terminal } from '../errors.ts';
import { NotLeading } from '../leader/fenced-client.ts';
import type { PassRecord } from '../observe/pass-record.ts';
import { currentPass, PassTrace } from '../observe/pass-trace.ts';
import type { Work } from '../queue/work-queue.ts';
import { redactText } from '../redact.ts';
import type { ApplyContext } from './apply-context.ts';
import { annotationsOf, isSet } from './controller-annotations.ts';
import type { ControllerCaches } from './controller-caches.ts';
import type { RunnerOptions } from './controller-runner.ts';
import { Finalization } from './finalization.ts';
import { FormerFinalizers, formerFinalizersOf } from './former-finalizers.ts';
import { PassDeadline } from './pass-deadline.ts';
import { done, doneUntil, endOf, type PassEnd } from './pass-end.ts';
import type { ControllerOptions, Resource } from './reconciler.ts';
import { Refusals } from './refusals.ts';
import { RunningPass } from './running-pass.ts';
import { StatusWriter } from './status-writer.ts';
import { StuckPasses } from './stuck-passes.ts';
import { ToldEvents } from './told-events.ts';

const defaultDeadline: Millis = minutes(2);

export interface PassRunnerOptions<T extends Resource> extends RunnerOptions {
  readonly controller: ControllerOptions<T>;
  readonly caches: ControllerCaches<T>;
  readonly applyContext: (signal: AbortSignal) => ApplyContext;
  /** Told when a resource is found to be gone. */
  readonly onGone: (key: ObjectKey) => void;
}

/** One pass being made. */
interface Attempt {
  readonly work: Work<ObjectKey>;
  /** Of the resource when the pass began. */
  readonly generation: number | undefined;
  readonly trace: PassTrace;
  readonly log: Logger;
  readonly deadline: PassDeadline;
}

/** Makes the passes of one controller. Whatever happens in a pass, it ends as a value: an error of one resource never reaches the others. */
export class PassRunner<T extends Resource> {
  readonly #options: PassRunnerOptions<T>;
  readonly #status: StatusWriter<T>;
  readonly #finalization: Finalization<T> | undefined;
  readonly #formerFinalizers: FormerFinalizers<T>;
  readonly #told = new ToldEvents();
  readonly #refusals = new Refusals();
  readonly #stuck: StuckPasses;

  constructor(options: PassRunnerOptions<T>) {
    const { client, clock, controller, caches } = options;
    const writing = { client, clock, fieldManager: controller.name };
    this.#options = options;
    this.#status = new StatusWriter(caches.primary, writing);
    this.#stuck = new StuckPasses(clock);
    this.#finalization = controller.finalize && new Finalization<T>(caches.primary, controller.finalize, writing);
    this.#formerFinalizers = new FormerFinalizers(caches.primary, formerFinalizersOf(controller), writing);
  }

  /** Passes that were cut off and do not end. */
  get stuck(): number {
    return this.#stuck.size;
  }

  /**
   * Makes one pass. Resolves when it has ended, or when it goes on although it was cut off: its worker is needed elsewhere.
   *
   * @param onEnd called when the pass has really ended, exactly once
   */
  async run(work: Work<ObjectKey>, abandon: AbortSignal, onEnd: (end: PassEnd) => void): Promise<void> {
    const { clock, log, controller } = this.#options;
    const { namespace, name } = refOf(work.key);
    const startedAt = clock.monotonic();
    const trace = new PassTrace(randomUUID(), startedAt);
    const resource = this.#options.caches.resource(work.key);
    const attempt: Attempt = {
      ...{ work, trace, generation: resource?.metadata.generation },
      log: log.child({ namespace, name, reconcile_id: trace.reconcileID }),
      deadline: new PassDeadline(clock, controller.passDeadlineMs ?? defaultDeadline, abandon),
    };
    const ending = currentPass
      .run(trace, () => this.#endOf(attempt))
      .then((end) => {
        attempt.deadline.end();
        this.#tell(attempt, resource, end);
        onEnd(end);
      });
    if ((await Promise.race([ending, attempt.deadline.ignored])) === 'ignored')
      this.#stuck.watch({ log: attempt.log, triggers: reasonsOf(work), startedAt }, ending);
  }

  #tell({ work, trace, log }: Attempt, resource: T | undefined, end: PassEnd): void {
    const durationMs = this.#options.clock.monotonic() - trace.startedAt;
    if (end.result === 'Done' || end.result === 'Requeued')
      log.debug({ triggers: reasonsOf(work), durationMs: Math.round(durationMs) }, 'reconciled');
    this.#options.passes.publish(this.#recordOf(work, resource, trace, end, durationMs));
  }

  async #endOf(attempt: Attempt): Promise<PassEnd> {
    try {
      return await this.#look(attempt);
    } catch (error) {
      return isTerminal(error) ? this.#refused(error, attempt) : this.#afterError(error, attempt);
    }
  }

  /** Decides what kind of pass this is. */
  async #look(attempt: Attempt): Promise<PassEnd> {
    const { caches } = this.#options;
    const { key } = attempt.work;
    const resource = caches.resource(key);
    if (resource === undefined) return this.#gone(key);
    if (resource.metadata.deletionTimestamp !== undefined) return this.#depart(attempt, resource);
    if (isSet(resource, annotationsOf(caches.primary).paused)) return this.#pause(attempt, resource);
    return this.#reconcile(attempt, resource);
  }

  async #reconcile(attempt: Attempt, found: T): Promise<PassEnd> {
    const { caches, controller } = this.#options;
    const { work, deadline } = attempt;
    await caches.named.hold(work.key, found, deadline.signal);
    const resource = await this.#secured(attempt, found);
    if (resource === undefined) return done;
    const pass = this.#passOf(attempt, resource);
    return endOf(await controller.reconcile(resource, pass), pass.outcome);
  }

  /** The finalizer comes before anything that it stands for, and before one goes that held the resource until now. */
  async #secured({ work: { key }, deadline: { signal }, log }: Attempt, found: T): Promise<T | undefined> {
    const informer = this.#options.caches.informerOf(key);
    if (informer === undefined) return found;
    const resource = this.#finalization ? await this.#finalization.secure(key, found, informer, signal) : found;
    return resource && this.#formerFinalizers.takeOff({ key, resource, informer, log }, signal);
  }

  async #pause(attempt: Attempt, resource: T): Promise<PassEnd> {
    await this.#passOf(attempt, resource).pause();
    return { outcome: 'ok', result: 'Paused' };
  }

  /** Its children go with it by their owner references; nothing is made or repaired for a resource that is leaving. */
  async #depart(attempt: Attempt, found: T): Promise<PassEnd> {
    const { work, deadline, log } = attempt;
    const informer = this.#options.caches.informerOf(work.key);
    if (informer === undefined) return done;
    const held = { key: work.key, resource: found, informer, log };
    // Those that stand for what is still to be cleaned up go with the finalizer.
    const { formerNames } = this.#options.controller.finalize ?? {};
    const resource = await this.#formerFinalizers.takeOff(held, deadline.signal, formerNames);
    if (this.#finalization === undefined || resource === undefined) return done;
    await this.#holdWhatIsThere(attempt, resource);
    const pass = this.#passOf(attempt, resource);
    const leaving = { key: work.key, resource, informer, pass, log };
    const departure = await this.#finalization.depart(leaving, deadline.signal).catch(neverTerminal);
    return doneUntil(departure.recheckAfterMs);
  }

  /** A resource must be able to go whatever it names. */
  async #holdWhatIsThere({ work, deadline, log }: Attempt, resource: T): Promise<void> {
    try {
      await this.#options.caches.named.hold(work.key, resource, deadline.signal);
    } catch (error) {
      if (deadline.signal.aborted) throw error;
      log.warn({ err: error }, 'finalized without an object that the resource names');
    }
  }

  #passOf({ work, trace, log, deadline }: Attempt, resource: T): RunningPass<T> {
    const { caches, controller, applyContext, recorder, rehearsal } = this.#options;
    const informer = caches.informerOf(work.key);
    if (informer === undefined) throw new Error(`${work.key} is outside of the namespaces watched`);
    return new RunningPass<T>({
      ...{ key: work.key, resource, informer, caches, recorder, rehearsal, log, trace },
      calls: controller.calls ?? [],
      apply: applyContext(deadline.signal),
      status: this.#status,
      told: this.#told,
      refusals: this.#refusals,
      triggers: reasonsOf(work),
    });
  }

  #gone(key: ObjectKey): PassEnd {
    this.#status.forget(key);
    this.#told.forget(key);
    this.#refusals.forget(key);
    this.#options.caches.named.release(key);
    this.#options.onGone(key);
    return { outcome: 'ok', result: 'Gone' };
  }

  #afterError(error: unknown, attempt: Attempt): PassEnd {
    const { log, deadline, work } = attempt;
    const message = messageOf(error);
    if (deadline.isExceeded) {
      const reason = messageOf(deadline.signal.reason);
      log.error({ err: error, triggers: reasonsOf(work) }, reason);
      return { outcome: { retry: true }, result: 'TimedOut', error: reason };
    }
    if (deadline.signal.aborted) return { ...done, error: message };
    // Leadership may have been in doubt for a moment only, after a standstill: then the work is still to be done.
    if (error instanceof NotLeading) return { outcome: { retry: true }, result: 'Retried', error: message };
    if (error instanceof ApiError && error.isConflict) log.debug({ err: error }, 'changed meanwhile; looking again');
    else log.error({ err: error }, 'pass failed; it will be tried again');
    return { outcome: { retry: true }, result: 'Retried', error: message };
  }

  /** Told in the status and by an event; where the status cannot be written, the pass is made again. */
  async #refused(error: Terminal, attempt: Attempt): Promise<PassEnd> {
    const { work, log, deadline } = attempt;
    if (deadline.signal.aborted) return this.#afterError(error, attempt);
    log.error({ err: error }, 'refused; waiting for a change of the resource');
    const resource = this.#options.caches.resource(work.key);
    // What was edited meanwhile has a pass to come, and is not judged by what it was.
    const isJudged = resource?.metadata.generation === attempt.generation;
    try {
      if (resource !== undefined && isJudged) await this.#passOf(attempt, resource).refuse(error);
    } catch (unwritten) {
      return this.#afterError(unwritten, attempt);
    }
    return { outcome: 'ok', result: 'Refused', error: error.message };
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
    const { reconcileID, reads, calls, removals, children, status } = trace;
    const { triggers, failures: failuresBefore, waitedMs } = work;
    const startedAt = new Date(this.#options.clock.now() - durationMs).toISOString();
    const requeued = typeof outcome === 'object' && 'requeueAfterMs' in outcome;
    return {
      ...{ reconcileID, controller: this.#options.controller.name, kind: kindNameOf(this.#options.caches.primary) },
      ...{ name, startedAt, durationMs, waitedMs, triggers, failuresBefore, children, result },
      // As they are at the end: what a pass began and left behind may go on to call.
      ...{ reads: [...reads], calls: [...calls] },
      ...(namespace !== undefined && { namespace }),
      ...(resource !== undefined && { resource: { uid, resourceVersion, generation } }),
      ...(removals.length > 0 && { removals: [...removals] }),
      ...(status !== undefined && { status }),
      ...(error !== undefined && { error: redactText(error) }),
      ...(requeued && { nextAfterMs: outcome.requeueAfterMs }),
    };
  }
}

function reasonsOf({ triggers }: Work<ObjectKey>): readonly string[] {
  return triggers.map(({ reason }) => reason);
}

/** Nobody can mend a resource that is being deleted by an edit: whatever keeps it is looked at again. */
function neverTerminal(error: unknown): never {
  throw isTerminal(error) ? new Error(error.message, { cause: error }) : error;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
