import { type KubeObject, kindNameOf } from '@capstan/kube';
import { keyOf, type ObjectKey } from '../cache/object-key.ts';
import { ImmutableFieldError } from '../engine/apply-error.ts';
import { isAutoscaled, withoutReplicas, withReplicas } from '../engine/autoscaled-replicas.ts';
import { type ApplyDecision, type Decision, decide } from '../engine/decide.ts';
import { wantsReplicas } from '../engine/hand-over.ts';
import { stripManagedFields } from '../engine/managed-fields.ts';
import { type SealedBody, seal } from '../engine/seal.ts';
import type { EventDraft } from '../events/event-draft.ts';
import type { ApplyContext } from './apply-context.ts';
import { hasAutoscaler } from './autoscaler.ts';
import { type Child, mayBeAutoscaled } from './child.ts';
import { type ChildKind, memoryKeyOf } from './child-kinds.ts';
import { contestOf } from './contest.ts';
import { doubtOf } from './doubt.ts';
import { failureOf } from './failure.ts';
import { makeAnew } from './make-anew.ts';
import type { ChildOutcome, Contest, Failure } from './outcome.ts';
import { isAdoption, ownedBody, ownershipProblem } from './ownership.ts';
import { childName } from './plan.ts';
import type { Resource } from './reconciler.ts';

/** What was done to one child, and what is to be told of it. */
export type ChildResult = ChildOutcome & {
  readonly failure?: Failure;
  readonly contest?: Contest;
  readonly notice?: EventDraft;
};

/** One plan of one owner being carried out. */
export interface PlanContext extends ApplyContext {
  readonly owner: Resource;
  readonly ownerKey: ObjectKey;
  readonly ownerStands: () => Promise<boolean>;
}

/** One child of a plan, with everything needed to judge and to write it. */
export interface Candidate {
  readonly child: string;
  readonly rules: Child;
  readonly kind: ChildKind;
  readonly memoryKey: string;
  /** What is to be applied; without replicas where an autoscaler decides about them. */
  readonly sealed: SealedBody;
  /** The same with everything that the plan says. */
  readonly whole: SealedBody;
  readonly isAutoscaled: boolean;
  readonly live: KubeObject | undefined;
}

/** Judges one child and brings it in order, if it is not. */
export async function applyChild(rules: Child, heldBy: string | undefined, context: PlanContext): Promise<ChildResult> {
  const candidate = candidateOf(rules, context);
  const { child, live, sealed, kind, memoryKey } = candidate;
  if (!kind.isServed) return { child, action: 'Skipped', detail: `${kindNameOf(kind.type)} is not installed` };
  const problem = live && ownershipProblem(live, context.owner, kind.type, context.names, rules);
  if (problem !== undefined) {
    context.claims.set(memoryKey, context.ownerKey);
    return failed(child, problem);
  }
  const decision = decide(sealed, live, context.memory.recall(memoryKey), context.names, kind.mode);
  if (decision.verdict === 'wait') return { child, action: 'Terminating' };
  if (decision.verdict === 'clean') return unchanged(candidate, decision, context);
  if (heldBy !== undefined && isNewIntent(decision, candidate, context))
    return { child, action: 'Held', heldBy, detail: `waits for step "${heldBy}"` };
  const contest = contestOf(candidate, decision, context);
  if (contest !== undefined) return { child, action: 'Contested', detail: contest.detail, contest: contest.contest };
  return write(candidate, decision, context);
}

function failed(child: string, failure: Failure): ChildResult {
  return { child, action: 'Failed', detail: failure.message, failure };
}

function candidateOf(rules: Child, { kinds, owner, primary, names, memory }: PlanContext): Candidate {
  const kind = kinds.of(rules.object);
  const body = ownedBody(rules, owner, primary, names);
  const key = keyOf({ namespace: body.metadata.namespace, name: body.metadata.name ?? '' });
  const live = kind.informerFor(body.metadata.namespace)?.store.get(key);
  const memoryKey = memoryKeyOf(kind.type, key);
  const whole = seal(body, names);
  const autoscaled = mayBeAutoscaled(rules) && isAutoscaled(whole.body, live, memory.recall(memoryKey));
  const sealed = autoscaled ? withoutReplicas(whole, live) : whole;
  return { child: childName(rules.object), rules, kind, memoryKey, sealed, whole, isAutoscaled: autoscaled, live };
}

/** A child found to be right is remembered so, and its field records are let go. */
function unchanged(
  { child, kind, memoryKey, live, isAutoscaled: autoscaled }: Candidate,
  decision: Extract<Decision, { verdict: 'clean' }>,
  { memory }: ApplyContext,
): ChildResult {
  const isNews = autoscaled && memory.recall(memoryKey)?.ownsReplicas === true;
  if (decision.learned !== undefined && live !== undefined) {
    memory.learn(memoryKey, decision.learned);
    kind.informerFor(live.metadata.namespace)?.store.slim(stripManagedFields(live));
  }
  if (!autoscaled) return { child, action: 'Unchanged' };
  const note = `a HorizontalPodAutoscaler scales ${child}; its number of replicas is left alone from now on`;
  const notice: EventDraft = { type: 'Normal', reason: 'ReplicasLeftToAutoscaler', action: 'Apply', note };
  return { child, action: 'Unchanged', replicasOwnedBy: 'HorizontalPodAutoscaler', ...(isNews && { notice }) };
}

/** A correction restores what was there before; anything else is new intent, which may have to wait for its turn. */
function isNewIntent({ reason }: ApplyDecision, { memoryKey }: Candidate, { memory }: ApplyContext): boolean {
  if (reason === 'Absent') return memory.recall(memoryKey) === undefined;
  return reason === 'NeverApplied' || reason === 'DesiredChanged';
}

async function write(candidate: Candidate, decision: ApplyDecision, context: PlanContext): Promise<ChildResult> {
  const { child, kind, memoryKey, live } = candidate;
  const { memory, owner, ownerKey, ownerStands, recreations } = context;
  const { namespace } = candidate.sealed.body.metadata;
  const isRestored = decision.reason === 'Absent' && memory.recall(memoryKey) !== undefined;
  try {
    const doubt = await doubtOf({ child, kind, namespace, live, decision, isRestored }, ownerStands, owner);
    if (doubt !== undefined) return failed(child, doubt);
    const isRecreated = recreations.isUnderWay(ownerKey, memoryKey);
    const result = await send(candidate, decision, context);
    recreations.end(ownerKey, memoryKey);
    if (isRecreated) return { ...result, action: 'Recreated' };
    const action = isRestored ? 'Repaired' : result.action;
    return action === 'Repaired' ? { ...result, action, detail: describe(decision) } : result;
  } catch (error) {
    return error instanceof ImmutableFieldError && live !== undefined
      ? makeAnew({ ...candidate, live }, error, context)
      : failed(child, failureOf(child, error));
  }
}

/** Applies what is to be applied; a last look is taken at who decides about the replicas. */
async function send(candidate: Candidate, decision: ApplyDecision, context: PlanContext): Promise<ChildResult> {
  const { child, kind, memoryKey, live } = candidate;
  const { applier, signal, owner, names } = context;
  const isAdopted = live !== undefined && isAdoption(live, owner, names, candidate.rules);
  // What the cache keeps of a stranger does not tell who scales it.
  const isOffered = isAdopted && mayBeAutoscaled(candidate.rules) && wantsReplicas(candidate.whole.body);
  const mayBeLeftOut = candidate.isAutoscaled || isOffered;
  const isLeftOut = mayBeLeftOut && (await hasAutoscaler(candidate, context));
  const carried = context.recreations.carried(context.ownerKey, memoryKey);
  const whole = carried === undefined ? candidate.whole : withReplicas(candidate.whole, carried);
  const sealed = isLeftOut ? withoutReplicas(whole, live) : whole;
  const { namespace, name = '' } = sealed.body.metadata;
  const informer = kind.informerFor(namespace);
  const apply = () => applier.apply(kind.type, memoryKey, sealed, decision, live, signal);
  const { action } = await (informer === undefined
    ? apply()
    : informer.write(keyOf({ namespace, name }), apply, ({ object }) => object));
  const told = isLeftOut ? { replicasOwnedBy: 'HorizontalPodAutoscaler' as const } : {};
  if (!isAdopted) return { child, action, ...told };
  const allows =
    candidate.rules.adopt === true
      ? `${owner.kind}/${owner.metadata.name} says`
      : `its annotation ${names.adoptAnnotation} allows`;
  const note = `${child} was there before and is taken over, as ${allows}`;
  return { child, action: 'Adopted', ...told, notice: { type: 'Normal', reason: 'Adopted', action: 'Apply', note } };
}

/** `.spec.selector (kubectl-edit), .spec.ports[port=80] (kubectl-patch)`: at most three paths. */
function describe({ findings, reason }: ApplyDecision): string {
  if (findings.length === 0) return reason === 'Absent' ? 'it had been deleted' : 'its applied fields had been removed';
  const named = findings
    .slice(0, 3)
    .map(({ path, takenBy }) => (takenBy === undefined ? path : `${path} (${takenBy.manager})`));
  return `${named.join(', ')}${findings.length > 3 ? ` and ${findings.length - 3} more` : ''}`;
}
