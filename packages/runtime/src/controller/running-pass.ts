import {
  ApiError,
  type Condition,
  type KubeObject,
  type ObjectRef,
  type PolicyRule,
  type ResourceType,
} from '@capstan/kube';
import type { Logger } from 'pino';
import type { Informer } from '../cache/informer.ts';
import type { ObjectKey } from '../cache/object-key.ts';
import { conditionOf } from '../conditions.ts';
import type { Terminal } from '../errors.ts';
import type { EventDraft, EventRecorder } from '../events/recorder.ts';
import type { PassTrace } from '../observe/pass-trace.ts';
import type { Rehearsal } from '../preview/rehearsal.ts';
import type { ApplyContext } from './apply-context.ts';
import { applyPlan } from './apply-plan.ts';
import { annotationsOf } from './controller-annotations.ts';
import { changedAnything, contestText, type Outcome } from './outcome.ts';
import { type Caches, PassCache } from './pass-cache.ts';
import { PassCalls } from './pass-calls.ts';
import type { Plan, Waiting } from './plan.ts';
import type { CacheReader, ListedObjects, Pass, Removal, Report, Resource, Result, StatusOf } from './reconciler.ts';
import type { Refusals } from './refusals.ts';
import {
  conditionsIn,
  type Finding,
  findingsOf,
  holdsConditions,
  type RuntimeCondition,
  runtimeConditions,
  withRuntimeConditions,
} from './runtime-conditions.ts';
import type { StatusWriter } from './status-writer.ts';
import type { ToldEvents } from './told-events.ts';

export interface PassContext<T extends Resource> {
  readonly key: ObjectKey;
  readonly resource: T;
  readonly informer: Informer<T>;
  readonly caches: Caches<T>;
  readonly calls: readonly PolicyRule[];
  readonly apply: ApplyContext;
  readonly status: StatusWriter<T>;
  readonly recorder: EventRecorder;
  readonly told: ToldEvents;
  readonly refusals: Refusals;
  readonly rehearsal: Rehearsal | undefined;
  readonly log: Logger;
  readonly trace: PassTrace;
  readonly triggers: readonly string[];
}

/** What a report says of the runtime's own conditions. */
interface Judgement {
  readonly judged: readonly RuntimeCondition[];
  readonly findings: readonly Finding[];
}

/** One pass while it runs: reads, applies, reports, and remembers what came of it for the runtime's own use. */
export class RunningPass<T extends Resource> implements Pass<T> {
  readonly cache: CacheReader<T>;
  readonly log: Logger;
  readonly now: string;
  readonly signal: AbortSignal;
  readonly triggers: readonly string[];
  readonly isRehearsal: boolean;
  readonly #context: PassContext<T>;
  readonly #calls: PassCalls<T>;
  /** As the last status write of this pass left it. */
  #resource: T;
  #outcome: Outcome | undefined;
  #hasApplied = false;

  constructor(context: PassContext<T>) {
    const { key, resource, caches, trace, apply } = context;
    this.#context = context;
    this.#resource = resource;
    this.cache = new PassCache(caches, key, resource, trace);
    const { client, names, signal } = apply;
    const { calls, log } = context;
    this.#calls = new PassCalls({ resource, client, names, caches, calls, trace, log, signal });
    this.log = context.log;
    this.now = new Date(apply.clock.now()).toISOString().replace(/\.\d{3}Z$/, 'Z');
    this.signal = signal;
    this.triggers = context.triggers;
    this.isRehearsal = context.rehearsal !== undefined;
  }

  /** What `apply` came to, if the reconciler applied anything. */
  get outcome(): Outcome | undefined {
    return this.#outcome;
  }

  async read<O extends KubeObject>(type: ResourceType<O>, ref: ObjectRef): Promise<O | undefined> {
    return this.#calls.read(type, ref);
  }

  async list<O extends KubeObject>(type: ResourceType<O>, options?: ListedObjects): Promise<readonly O[]> {
    return this.#calls.list(type, options);
  }

  async remove(type: ResourceType, ref: ObjectRef & { readonly uid: string }): Promise<Removal> {
    return this.#calls.remove(type, ref);
  }

  async apply(plan: Plan): Promise<Outcome> {
    this.signal.throwIfAborted();
    if (this.#hasApplied)
      throw new Error('pass.apply was called twice: one plan names every child, for what it leaves out is pruned');
    this.#hasApplied = true;
    const { resource, apply, log, trace, rehearsal } = this.#context;
    rehearsal?.planned(plan);
    const outcome = await applyPlan(plan, resource, apply);
    this.#outcome = outcome;
    trace.children = outcome.children;
    for (const { child, action, detail } of outcome.children)
      log[levelOf(action)]({ child, action, ...(detail !== undefined && { detail }) }, 'child');
    this.#recordCorrections(outcome);
    return outcome;
  }

  async report(report: Report<T>): Promise<Result> {
    return this.#report({ ...report, status: this.#withoutRefusal(report.status) });
  }

  /** Says that nothing moves until the user acts: in the standard conditions, where the status has such a list, and by an event. */
  async refuse(error: Terminal): Promise<void> {
    const { key, refusals, caches } = this.#context;
    const { status, metadata } = this.#resource;
    const event: EventDraft = { type: 'Warning', reason: error.reason, action: 'Reconcile', note: error.message };
    const previous = conditionsIn(status);
    if (previous === undefined && !holdsConditions(caches.primary)) return this.record(event);
    const options = { now: this.now, observedGeneration: metadata.generation };
    const conditions = refusals.tell(key, previous, error, options);
    // Its own status with another list of conditions, which it is known to have.
    const refused = { ...status, conditions } as unknown as StatusOf<T>;
    await this.#unlessIncomplete(() => this.#report({ status: refused, events: [event] }), event);
  }

  #withoutRefusal(status: StatusOf<T>): StatusOf<T> {
    const conditions = conditionsIn(status);
    if (conditions === undefined) return status;
    const { key, refusals } = this.#context;
    return { ...status, conditions: refusals.withoutCarriedOver(key, conditions) };
  }

  async #report(report: Report<T>): Promise<Result> {
    const { children, contests } = this.#outcome ?? { children: [], contests: [] };
    const judged = this.#judged();
    const resumed = judged.includes('Paused') && this.#condition('Paused') === 'True' ? [resumedEvent] : [];
    const events = [...resumed, ...(report.events ?? [])];
    return this.#publish({ ...report, events }, { judged, findings: findingsOf(children, contests) });
  }

  /** A pass that applied nothing, such as one that refuses the spec, knows nothing new of the children; a last one still less. */
  #judged(): readonly RuntimeCondition[] {
    if (this.#resource.metadata.deletionTimestamp !== undefined) return [];
    return this.#outcome === undefined ? ['Paused', 'DeletionBlocked'] : runtimeConditions;
  }

  /** Says that nothing is done for this resource because of its annotation; the rest of its status stays. */
  async pause(): Promise<void> {
    const { paused } = annotationsOf(this.#context.caches.primary);
    const message = `nothing but the status is written while the annotation ${paused} is "true"`;
    const finding: Finding = { type: 'Paused', status: 'True', reason: 'PausedByAnnotation', message };
    const event: EventDraft = { type: 'Normal', reason: 'Paused', action: 'Reconcile', note: message };
    await this.#say(finding, event);
  }

  /** Says what a resource that is being deleted waits for. */
  async block({ reason, message }: Waiting): Promise<void> {
    const finding: Finding = { type: 'DeletionBlocked', status: 'True', reason, message };
    await this.#say(finding, { type: 'Warning', reason: 'DeletionBlocked', action: 'Finalize', note: message });
  }

  record(event: EventDraft): void {
    this.#context.recorder.record(this.#context.resource, event);
  }

  /** Sets one condition of the runtime, with one event when it was not set before. */
  async #say(finding: Finding, event: EventDraft): Promise<void> {
    const status = (this.#resource.status ?? {}) as StatusOf<T>; // its own status, or the least there can be
    const events = this.#condition(finding.type) === 'True' ? [] : [event];
    const judgement = { judged: [finding.type], findings: [finding] };
    await this.#unlessIncomplete(() => this.#publish({ status, events }, judgement));
  }

  /** A status may have required fields that only the reconciler knows; it comes with its first report. */
  async #unlessIncomplete(write: () => Promise<unknown>, untold?: EventDraft): Promise<void> {
    try {
      await write();
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 422)) throw error;
      this.log.warn({ err: error }, 'a condition cannot be told in the status');
      if (untold !== undefined) this.record(untold);
    }
  }

  async #publish(report: Report<T>, { judged, findings }: Judgement): Promise<Result> {
    this.signal.throwIfAborted();
    const { key, informer, status: writer, trace, told, caches } = this.#context;
    const resource = this.#resource;
    const status = withRuntimeConditions(report.status, resource.status, findings, {
      ...{ judged, now: this.now, observedGeneration: resource.metadata.generation },
      holdsConditions: holdsConditions(caches.primary),
    });
    const hasChanged = this.#calls.hasRemoved || (this.#outcome !== undefined && changedAnything(this.#outcome));
    try {
      const written = await writer.write(key, resource, { ...report, status }, informer, this.signal);
      trace.status = written.kind;
      if (written.kind === 'Written') this.#resource = written.answer ?? resource;
      const untold = told.takeUntold(key, report.events ?? []);
      if (written.kind === 'Written' || hasChanged) for (const event of untold) this.record(event);
      const waits = [report.recheckAfterMs, written.kind === 'Deferred' ? written.forMs : undefined];
      const next = Math.min(...waits.filter((wait) => wait !== undefined));
      return Number.isFinite(next) ? { recheckAfterMs: next } : {};
    } catch (error) {
      if (hasChanged) this.#tellAnyway(report.events ?? []);
      throw error;
    }
  }

  /** What was done is told even where the status could not be written: the next pass finds it done and would be silent. */
  #tellAnyway(events: readonly EventDraft[]): void {
    const { key, told } = this.#context;
    for (const event of told.takeUntold(key, events)) this.record(event);
    told.remember(key, events);
  }

  #condition(type: RuntimeCondition): Condition['status'] | undefined {
    return conditionOf(conditionsIn(this.#resource.status), type)?.status;
  }

  /** Repairs, contests and refusals are told to the user by the runtime, the same way for every operator. */
  #recordCorrections({ children, contests, failures, notices = [] }: Outcome): void {
    for (const notice of notices) this.record(notice);
    for (const { child, action, detail } of children) {
      if (action === 'Repaired')
        this.record({
          type: 'Normal',
          reason: 'DriftRepaired',
          action: 'Apply',
          note: `${child} put right: ${detail}`,
        });
    }
    for (const contest of contests) {
      const note = `${contestText(contest)}; standing back`;
      this.record({ type: 'Warning', reason: 'FieldContested', action: 'Apply', note });
    }
    for (const { terminal, reason, message } of failures) {
      if (terminal) this.record({ type: 'Warning', reason, action: 'Apply', note: message });
    }
  }
}

const resumedEvent: EventDraft = {
  type: 'Normal',
  reason: 'Resumed',
  action: 'Reconcile',
  note: 'worked on again: its annotation does not say paused any more',
};

/** What stays as it was is not worth a line, and what is skipped is said in the status. */
function levelOf(action: Outcome['children'][number]['action']): 'debug' | 'info' | 'warn' {
  if (action === 'Failed') return 'warn';
  return ['Unchanged', 'Retained', 'Skipped'].includes(action) ? 'debug' : 'info';
}
