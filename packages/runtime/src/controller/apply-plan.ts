import type { KubeObject } from '@capstan/kube';
import { keyOf } from '../cache/object-key.ts';
import { type ApplyDecision, type Decision, decide } from '../engine/decide.ts';
import { stripManagedFields } from '../engine/managed-fields.ts';
import { type SealedBody, seal } from '../engine/seal.ts';
import type { ApplyContext } from './apply-context.ts';
import { type ChildKind, memoryKeyOf } from './child-kinds.ts';
import { doubtOf, ownerCheck } from './doubt.ts';
import { failureOf } from './failure.ts';
import type { ChildOutcome, Contest, Failure, Outcome } from './outcome.ts';
import { ownedBody, ownershipProblem } from './ownership.ts';
import { childName, type Desired, type LiveReader, type Plan, type Step, type Waiting } from './plan.ts';
import { prune } from './prune.ts';
import type { Resource } from './reconciler.ts';

type ChildResult = ChildOutcome & { readonly failure?: Failure; readonly contest?: Contest };

/** One plan of one owner being carried out. */
interface PlanContext extends ApplyContext {
  readonly owner: Resource;
  readonly ownerStands: () => Promise<boolean>;
}

/** One child of a plan, with everything needed to judge and to write it. */
interface Candidate {
  readonly child: string;
  readonly kind: ChildKind;
  readonly memoryKey: string;
  readonly sealed: SealedBody;
  readonly live: KubeObject | undefined;
}

/**
 * Makes the children of `owner` what the plan says, and removes those it no longer names.
 *
 * Unchanged children cost no request. Steps go in order; inside a step everything goes at once. Nothing is pruned after a
 * failure. Failures and contests of single children are in the outcome; only mistakes of the author are thrown.
 */
export async function applyPlan(plan: Plan, owner: Resource, context: ApplyContext): Promise<Outcome> {
  const results: ChildResult[] = [];
  const live = liveReader(owner, context);
  const pass: PlanContext = { ...context, owner, ownerStands: ownerCheck(owner, context) };
  let waiting: Outcome['waiting'];
  for (const step of plan.steps) {
    const heldBy = waiting?.step;
    results.push(...(await Promise.all(step.objects.map((desired) => applyChild(desired, heldBy, pass)))));
    waiting ??= waitingFor(step, live);
  }
  const failed = results.some(({ failure }) => failure !== undefined);
  if (!failed) results.push(...(await prune(plan, owner, context)));
  return {
    children: results.map(({ failure: _failure, contest: _contest, ...child }) => child),
    failures: results.flatMap(({ failure }) => failure ?? []),
    contests: results.flatMap(({ contest }) => contest ?? []),
    ...(waiting !== undefined && { waiting }),
    live,
  };
}

function waitingFor(step: Step, live: LiveReader): (Waiting & { readonly step: string }) | undefined {
  const waiting = step.waitingFor?.(live);
  return waiting && { ...waiting, step: step.name };
}

function liveReader(owner: Resource, { kinds }: ApplyContext): LiveReader {
  return (desired) => {
    const namespace = desired.metadata.namespace ?? owner.metadata.namespace;
    return kinds
      .of(desired)
      .informerFor(namespace)
      ?.store.get(keyOf({ namespace, name: desired.metadata.name ?? '' }));
  };
}

async function applyChild(desired: Desired, heldBy: string | undefined, context: PlanContext): Promise<ChildResult> {
  const candidate = candidateOf(desired, context);
  const { child, live, sealed, kind, memoryKey } = candidate;
  const problem = live && ownershipProblem(live, context.owner, context.names);
  if (problem !== undefined) {
    context.claims.set(memoryKey, keyOf(context.owner.metadata));
    return failed(child, problem);
  }
  const decision = decide(sealed, live, context.memory.recall(memoryKey), context.names, kind.mode);
  if (decision.verdict === 'wait') return { child, action: 'Terminating' };
  if (decision.verdict === 'clean') return unchanged(candidate, decision, context);
  if (heldBy !== undefined && isNewIntent(decision, candidate, context))
    return { child, action: 'Held', heldBy, detail: `waits for step "${heldBy}"` };
  const contest = contestOf(candidate, decision, context);
  if (contest !== undefined)
    return { child, action: 'Contested', detail: `${contest.manager} keeps changing ${contest.path}`, contest };
  return write(candidate, decision, context);
}

function failed(child: string, failure: Failure): ChildResult {
  return { child, action: 'Failed', detail: failure.message, failure };
}

function candidateOf(desired: Desired, { kinds, owner, primary, names }: PlanContext): Candidate {
  const kind = kinds.of(desired);
  const body = ownedBody(desired, owner, primary);
  const key = keyOf({ namespace: body.metadata.namespace, name: body.metadata.name ?? '' });
  const live = kind.informerFor(body.metadata.namespace)?.store.get(key);
  return { child: childName(desired), kind, memoryKey: memoryKeyOf(kind.type, key), sealed: seal(body, names), live };
}

/** A child found to be right is remembered so, and its field records are let go. */
function unchanged(
  { child, kind, memoryKey, live }: Candidate,
  decision: Extract<Decision, { verdict: 'clean' }>,
  { memory }: ApplyContext,
): ChildResult {
  if (decision.learned !== undefined && live !== undefined) {
    memory.learn(memoryKey, decision.learned);
    kind.informerFor(live.metadata.namespace)?.store.slim(stripManagedFields(live));
  }
  return { child, action: 'Unchanged' };
}

/** A correction restores what was there before; anything else is new intent, which may have to wait for its turn. */
function isNewIntent({ reason }: ApplyDecision, { memoryKey }: Candidate, { memory }: ApplyContext): boolean {
  if (reason === 'Absent') return memory.recall(memoryKey) === undefined;
  return reason === 'NeverApplied' || reason === 'DesiredChanged';
}

function contestOf(
  { child, memoryKey, live }: Candidate,
  decision: ApplyDecision,
  { fights }: ApplyContext,
): Contest | undefined {
  const fight =
    decision.reason === 'Drifted'
      ? fights.record(memoryKey, decision.findings, live?.metadata.resourceVersion)
      : undefined;
  return fight && { child, path: fight.path, manager: fight.manager, retryAfterMs: fight.retryAfterMs };
}

async function write(
  { child, kind, memoryKey, sealed, live }: Candidate,
  decision: ApplyDecision,
  { applier, memory, owner, ownerStands, signal }: PlanContext,
): Promise<ChildResult> {
  const { namespace, name = '' } = sealed.body.metadata;
  const informer = kind.informerFor(namespace);
  const isRestored = decision.reason === 'Absent' && memory.recall(memoryKey) !== undefined;
  const send = () => applier.apply(kind.type, memoryKey, sealed, decision, live, signal);
  try {
    const doubt = await doubtOf({ child, kind, namespace, live, decision, isRestored }, ownerStands, owner);
    if (doubt !== undefined) return failed(child, doubt);
    const applied = await (informer === undefined
      ? send()
      : informer.write(keyOf({ namespace, name }), send, ({ object }) => object));
    const action = isRestored ? 'Repaired' : applied.action;
    return action === 'Repaired' ? { child, action, detail: describe(decision) } : { child, action };
  } catch (error) {
    return failed(child, failureOf(child, error));
  }
}

/** `.spec.selector (kubectl-edit), .spec.ports[port=80] (kubectl-patch)`: at most three paths. */
function describe({ findings, reason }: ApplyDecision): string {
  if (findings.length === 0) return reason === 'Absent' ? 'it had been deleted' : 'its applied fields had been removed';
  const named = findings
    .slice(0, 3)
    .map(({ path, takenBy }) => (takenBy === undefined ? path : `${path} (${takenBy.manager})`));
  return `${named.join(', ')}${findings.length > 3 ? ` and ${findings.length - 3} more` : ''}`;
}
