import type { KubeObject, ObjectRef, ResourceType } from '@capstan/kube';
import type { Logger } from 'pino';
import type { Informer } from '../cache/informer.ts';
import type { ObjectKey } from '../cache/object-key.ts';
import { keyOf } from '../cache/object-key.ts';
import type { EventDraft, EventRecorder } from '../events/recorder.ts';
import type { PassTrace } from '../observe/pass-trace.ts';
import type { Rehearsal } from '../preview/rehearsal.ts';
import type { ApplyContext } from './apply-context.ts';
import { applyPlan } from './apply-plan.ts';
import { changedAnything, type Outcome } from './outcome.ts';
import type { Plan } from './plan.ts';
import type { CacheReader, Pass, Report, Resource, Result } from './reconciler.ts';
import type { StatusWriter } from './status-writer.ts';

export interface PassContext<T extends Resource> {
  readonly key: ObjectKey;
  readonly resource: T;
  readonly informer: Informer<T>;
  readonly apply: ApplyContext;
  readonly status: StatusWriter<T>;
  readonly recorder: EventRecorder;
  readonly rehearsal: Rehearsal | undefined;
  readonly log: Logger;
  readonly trace: PassTrace;
  readonly triggers: readonly string[];
}

/** One pass while it runs: applies, reports, and remembers what came of it for the runtime's own use. */
export class RunningPass<T extends Resource> implements Pass<T> {
  readonly cache: CacheReader;
  readonly log: Logger;
  readonly now: string;
  readonly triggers: readonly string[];
  readonly isRehearsal: boolean;
  readonly #context: PassContext<T>;
  #outcome: Outcome | undefined;

  constructor(context: PassContext<T>) {
    this.#context = context;
    this.cache = cacheReader(context);
    this.log = context.log;
    this.now = new Date(context.apply.clock.now()).toISOString().replace(/\.\d{3}Z$/, 'Z');
    this.triggers = context.triggers;
    this.isRehearsal = context.rehearsal !== undefined;
  }

  /** What `apply` came to, if the reconciler applied anything. */
  get outcome(): Outcome | undefined {
    return this.#outcome;
  }

  async apply(plan: Plan): Promise<Outcome> {
    const { resource, apply, log, trace, rehearsal } = this.#context;
    rehearsal?.planned(plan);
    const outcome = await applyPlan(plan, resource, apply);
    this.#outcome = outcome;
    trace.children = outcome.children;
    for (const { child, action, detail } of outcome.children) {
      if (action !== 'Unchanged')
        log[action === 'Failed' ? 'warn' : 'info']({ child, action, ...(detail !== undefined && { detail }) }, 'child');
    }
    this.#recordCorrections(outcome);
    return outcome;
  }

  async report(report: Report<T>): Promise<Result> {
    const { key, resource, informer, status, apply, trace } = this.#context;
    const written = await status.write(key, resource, report, informer, apply.signal);
    trace.status = written.kind;
    const changed = written.kind === 'Written' || (this.#outcome !== undefined && changedAnything(this.#outcome));
    if (changed) for (const event of report.events ?? []) this.#record(event);
    const waits = [report.recheckAfterMs, written.kind === 'Deferred' ? written.forMs : undefined].filter(
      (wait) => wait !== undefined,
    );
    return waits.length === 0 ? {} : { recheckAfterMs: Math.min(...waits) };
  }

  /** Repairs, contests and refusals are told to the user by the runtime, the same way for every operator. */
  #recordCorrections({ children, contests, failures }: Outcome): void {
    for (const { child, action, detail } of children) {
      if (action === 'Repaired')
        this.#record({
          type: 'Normal',
          reason: 'DriftRepaired',
          action: 'Apply',
          note: `${child} put right: ${detail}`,
        });
    }
    for (const { child, path, manager } of contests) {
      this.#record({
        type: 'Warning',
        reason: 'FieldContested',
        action: 'Apply',
        note: `${manager} keeps changing ${path} of ${child}; standing back`,
      });
    }
    for (const { terminal, reason, message } of failures) {
      if (terminal) this.#record({ type: 'Warning', reason, action: 'Apply', note: message });
    }
  }

  #record(event: EventDraft): void {
    this.#context.recorder.record(this.#context.resource, event);
  }
}

/** Reads the resource's own kind and the owned kinds; a kind that is not watched is a mistake of the author. */
function cacheReader<T extends Resource>({ informer, apply, trace }: PassContext<T>): CacheReader {
  return {
    get<O extends KubeObject>(type: ResourceType<O>, ref: ObjectRef): O | undefined {
      const isPrimary = type.kind === apply.primary.kind && type.group === apply.primary.group;
      const source = isPrimary ? informer : apply.kinds.ofType(type).informerFor(ref.namespace);
      // The informer was made for this very resource type, so its objects are of that type.
      const found = source?.store.get(keyOf(ref)) as O | undefined;
      trace.read(type, ref, found);
      return found;
    },
  };
}
