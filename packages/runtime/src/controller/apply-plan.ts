import type { KubeObject } from '@capstan/kube';
import { keyOf } from '../cache/object-key.ts';
import type { EventDraft } from '../events/event-draft.ts';
import { applyChild, type ChildResult, type PlanContext } from './apply-child.ts';
import type { ApplyContext } from './apply-context.ts';
import { childOf } from './child.ts';
import { memoryKeyOf } from './child-kinds.ts';
import { ownerCheck } from './doubt.ts';
import type { Outcome, StepWaiting } from './outcome.ts';
import { desiredOf, type LiveReader, type Plan, type Step, type StepObject } from './plan.ts';
import { prune } from './prune.ts';
import type { Resource } from './reconciler.ts';

/**
 * Makes the children of `owner` what the plan says, and removes those it no longer names.
 *
 * Unchanged children cost no request. Steps go in order; inside a step everything goes at once. Nothing is pruned after a
 * failure. Failures and contests of single children are in the outcome; only mistakes of the author are thrown.
 */
export async function applyPlan(plan: Plan, owner: Resource, context: ApplyContext): Promise<Outcome> {
  const ownerKey = keyOf(owner.metadata);
  const live = liveReader(owner, context);
  const wanted = wantedKeys(plan, owner, context);
  context.recreations.keepOnly(ownerKey, wanted);
  // Read before anything is applied: what the cache finds to be right it keeps without records.
  const lastChange = context.waits.knows(ownerKey) ? () => undefined : lastChanges(plan, live);
  const pass: PlanContext = { ...context, owner, ownerKey, ownerStands: ownerCheck(owner, context) };
  const results: ChildResult[] = [];
  let waiting: WaitingNow | undefined;
  for (const step of plan.steps) {
    const heldBy = waiting?.told.step;
    const done = await Promise.all(step.objects.map((item) => applyChild(childOf(item), heldBy, pass)));
    results.push(...done);
    waiting ??= waitingNow(step, live, { done, lastChange: lastChange(step) }, pass);
  }
  if (waiting === undefined) context.waits.ready(ownerKey);
  if (!results.some(({ failure }) => failure !== undefined))
    results.push(...(await prune(plan, wanted, owner, context)));
  return outcomeOf(results, waiting, live);
}

function outcomeOf(results: readonly ChildResult[], waiting: WaitingNow | undefined, live: LiveReader): Outcome {
  const notices = [...results.flatMap(({ notice }) => notice ?? []), ...(waiting?.notices ?? [])];
  const recheckAfterMs = waiting?.timesOutInMs;
  return {
    children: results.map(({ failure: _failure, contest: _contest, notice: _notice, ...child }) => child),
    failures: results.flatMap(({ failure }) => failure ?? []),
    contests: results.flatMap(({ contest }) => contest ?? []),
    ...(waiting !== undefined && { waiting: waiting.told }),
    notices,
    ...(recheckAfterMs !== undefined && { recheckAfterMs }),
    live,
  };
}

/** The names of all children of a plan, as the memory has them. */
function wantedKeys(plan: Plan, owner: Resource, { kinds }: ApplyContext): ReadonlySet<string> {
  const bodies = plan.steps.flatMap(({ objects }) => objects.map(desiredOf));
  return new Set(
    bodies.map((body) => {
      const { namespace = owner.metadata.namespace, name = '' } = body.metadata;
      return memoryKeyOf(kinds.of(body).type, keyOf({ namespace, name }));
    }),
  );
}

function liveReader(owner: Resource, { kinds }: ApplyContext): LiveReader {
  return (item: StepObject) => {
    const desired = desiredOf(item);
    const namespace = desired.metadata.namespace ?? owner.metadata.namespace;
    return kinds
      .of(desired)
      .informerFor(namespace)
      ?.store.get(keyOf({ namespace, name: desired.metadata.name ?? '' }));
  };
}

/** A step that is not ready, and what comes of that. */
interface WaitingNow {
  readonly told: StepWaiting;
  readonly notices: readonly EventDraft[];
  readonly timesOutInMs?: number;
}

const changing: ReadonlySet<ChildResult['action']> = new Set([
  'Created',
  'Updated',
  'Adopted',
  'Recreating',
  'Recreated',
]);

function waitingNow(
  step: Step,
  live: LiveReader,
  { done, lastChange }: { readonly done: readonly ChildResult[]; readonly lastChange: string | undefined },
  { waits, owner, ownerKey }: PlanContext,
): WaitingNow | undefined {
  const reason = step.waitingFor?.(live);
  if (reason === undefined) return undefined;
  const { name, timeoutMs } = step;
  const isChanged = done.some(({ action }) => changing.has(action));
  const wait = waits.waiting(ownerKey, owner.metadata.uid ?? '', { name, timeoutMs, isChanged, lastChange });
  const { since, timedOut, isNews, timesOutInMs } = wait;
  const note = `step "${name}" has been waiting since ${since}: ${reason.message}`;
  return {
    told: { ...reason, step: name, since, ...(timedOut && { timedOut }) },
    notices: isNews ? [{ type: 'Warning', reason: 'StepTimedOut', action: 'Apply', note }] : [],
    ...(timesOutInMs !== undefined && { timesOutInMs }),
  };
}

/** The latest time in the ownership records of a step's objects: of what we applied, or their controller reported. */
function lastChanges(plan: Plan, live: LiveReader): (step: Step) => string | undefined {
  const times = new Map(
    plan.steps.map((step) => [step.name, latest(step.objects.flatMap((item) => timesOf(live(item))))]),
  );
  return ({ name }) => times.get(name);
}

function timesOf(live: KubeObject | undefined): readonly string[] {
  const { managedFields = [], creationTimestamp } = live?.metadata ?? {};
  return [creationTimestamp, ...managedFields.map(({ time }) => time)].filter((time) => time !== undefined);
}

/** RFC 3339 in UTC, to the second: the text sorts as the times do. */
function latest(times: readonly string[]): string | undefined {
  return times.toSorted().at(-1);
}
