import type { KubeObject } from '@capstan/kube';
import { keyOf } from '../cache/object-key.ts';
import type { EventDraft } from '../events/event-draft.ts';
import { allEnded } from './all-ended.ts';
import { applyChild, type ChildResult, type PlanContext } from './apply-child.ts';
import type { ApplyContext } from './apply-context.ts';
import { childOf } from './child.ts';
import { memoryKeyOf } from './child-kinds.ts';
import { ownerCheck } from './doubt.ts';
import type { Outcome, StepWaiting } from './outcome.ts';
import { invalidPlan, placeOf } from './ownership.ts';
import { childName, desiredOf, type LiveReader, type Plan, type Step, type StepObject, type Waiting } from './plan.ts';
import { prune } from './prune.ts';
import type { Resource } from './reconciler.ts';

/**
 * Makes the children of `owner` what the plan says, and removes those it no longer names.
 *
 * Unchanged children cost no request. Steps go in order; inside a step everything goes at once. After a failure
 * nothing is pruned but what is superfluous. Failures and contests of single children are in the outcome; only mistakes of the author are thrown.
 */
export async function applyPlan(plan: Plan, owner: Resource, context: ApplyContext): Promise<Outcome> {
  const ownerKey = keyOf(owner.metadata);
  const live = liveReader(owner, context);
  const wanted = wantedKeys(plan, owner, context);
  context.recreations.keepOnly(ownerKey, wanted);
  context.forgetUnwanted(ownerKey, wanted);
  // Read before anything is applied: what the cache finds to be right it keeps without records.
  const lastChange = context.waits.knows(ownerKey) ? () => undefined : lastChanges(plan, live);
  const pass: PlanContext = { ...context, owner, ownerKey, ownerStands: ownerCheck(owner, context) };
  const results: ChildResult[] = [];
  let waiting: WaitingNow | undefined;
  for (const step of plan.steps) {
    const heldBy = waiting?.told.step;
    const done = await allEnded(step.objects.map((item) => applyChild(childOf(item), heldBy, pass)));
    results.push(...done);
    waiting ??= waitingNow(step, live, { done, lastChange: lastChange(step) }, pass);
  }
  if (waiting === undefined) context.waits.ready(ownerKey);
  const hasFailed = results.some(({ failure }) => failure !== undefined);
  results.push(...(await prune(plan, { wanted, heldKinds: heldKinds(results), hasFailed }, owner, context)));
  return outcomeOf(results, waiting, live);
}

/** Kinds of which a child waits for its turn: what it may be there to replace must not go before it comes. */
function heldKinds(results: readonly ChildResult[]): ReadonlySet<string> {
  const held = results.filter(({ action }) => action === 'Held');
  return new Set(held.map(({ child }) => child.slice(0, child.indexOf('/'))));
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

/**
 * The names of all children of a plan, as the memory has them.
 *
 * @throws {TerminalError} for an object that is named twice: two bodies would replace each other in every pass
 */
function wantedKeys(plan: Plan, owner: Resource, { kinds }: ApplyContext): ReadonlySet<string> {
  const wanted = new Set<string>();
  for (const body of plan.steps.flatMap(({ objects }) => objects.map(desiredOf))) {
    const { type } = kinds.of(body);
    const key = memoryKeyOf(type, keyOf({ ...placeOf(body, type, owner), name: body.metadata.name ?? '' }));
    if (wanted.has(key)) throw invalidPlan(`${childName(body)} is in the plan twice: put all of it into one object`);
    wanted.add(key);
  }
  return wanted;
}

function liveReader(owner: Resource, { kinds }: ApplyContext): LiveReader {
  return (item: StepObject) => {
    const desired = desiredOf(item);
    const kind = kinds.of(desired);
    const { namespace } = placeOf(desired, kind.type, owner);
    return kind.informerFor(namespace)?.store.get(keyOf({ namespace, name: desired.metadata.name ?? '' }));
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
  const reason = unfinished(done) ?? step.waitingFor?.(live);
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

/**
 * What of a step is not yet as the plan has it, whatever its objects look like: one that was refused, or that is about to be
 * deleted and made anew, still shows how well its former self is.
 */
function unfinished(done: readonly ChildResult[]): Waiting | undefined {
  for (const { child, action, detail, heldBy } of done) {
    if (action === 'Failed') return { reason: 'NotApplied', message: `${child} could not be applied` };
    if (action === 'Terminating') return { reason: 'Terminating', message: `${child} is being deleted` };
    if (action === 'Recreating') return { reason: 'Recreating', message: `${child} is being made anew` };
    if (action === 'Held' && heldBy === undefined) return { reason: 'Recreating', message: `${child} ${detail}` };
  }
  return undefined;
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
