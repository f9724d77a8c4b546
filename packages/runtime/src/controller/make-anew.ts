import { ApiError, type KubeObject } from '@capstan/kube';
import { controllerUid } from '../cache/object-store.ts';
import type { ImmutableFieldError } from '../engine/apply-error.ts';
import { isAutoscaled } from '../engine/autoscaled-replicas.ts';
import { wantsReplicas } from '../engine/hand-over.ts';
import { isDataHolder } from '../engine/holds-data.ts';
import { fieldOf } from '../engine/json-value.ts';
import type { Candidate, ChildResult, PlanContext } from './apply-child.ts';
import { mayBeAutoscaled, type OnImmutable } from './child.ts';
import { failureOf } from './failure.ts';
import { type ClaimsGrown, growClaims } from './grow-claims.ts';
import type { Failure } from './outcome.ts';

/** A child whose change the server refused, because a field of it cannot be changed. */
export type Fixed = Pick<Candidate, 'child' | 'rules' | 'kind' | 'memoryKey' | 'whole'> & {
  readonly live: KubeObject;
};

/**
 * Deletes a child so that it can be made anew, where its rules allow it and only its own object is meant (by UID).
 *
 * The server has said that it would take the new body. The child is made by the pass that its deletion starts, or by the
 * first pass of another process should this one end in between; pods left behind are taken over by their labels.
 */
export async function makeAnew(fixed: Fixed, refusal: ImmutableFieldError, context: PlanContext): Promise<ChildResult> {
  const { child, rules, memoryKey, live } = fixed;
  const { recreations, ownerKey, owner } = context;
  // What is not ours yet, kept without an owner, or holds data is never deleted, however its rules were written down.
  if (controllerUid(live) !== owner.metadata.uid || isDataHolder(rules.object)) return failed(refused(fixed, refusal));
  const other = recreations.begin(ownerKey, memoryKey, child);
  if (other !== undefined) return { child, action: 'Held', detail: `waits until ${other} has been made anew` };
  try {
    const growth = rules.growClaims === true ? await growClaims(fixed, refusal.fields, context) : undefined;
    if (growth?.failure !== undefined) return abandoned(fixed, growth.failure, context);
    const how = growth?.isEnough === true ? 'orphanAndRecreate' : (rules.onImmutable ?? 'refuse');
    if (how === 'refuse') return abandoned(fixed, refused(fixed, refusal), context);
    if (how === 'orphanAndRecreate' && refusal.fields.some((field) => field.startsWith('.spec.selector')))
      return abandoned(fixed, wouldLosePods(fixed), context);
    if (mayBeAutoscaled(rules) && wantsReplicas(fixed.whole.body)) await carryReplicas(fixed, context);
    await remove(fixed, how, context);
    return recreating(fixed, refusal, how, growth);
  } catch (error) {
    return abandoned(fixed, failureOf(child, error), context);
  }
}

function abandoned({ memoryKey }: Fixed, failure: Failure, { recreations, ownerKey }: PlanContext): ChildResult {
  recreations.end(ownerKey, memoryKey);
  return failed(failure);
}

function failed(failure: Failure): ChildResult {
  return { child: failure.child, action: 'Failed', detail: failure.message, failure };
}

/**
 * Made anew with the number in the plan, a service under load would lose most of its pods until it is scaled again. The server
 * is asked, as the cache may not have seen yet who scaled it.
 */
async function carryReplicas({ kind, memoryKey, live, whole }: Fixed, context: PlanContext): Promise<void> {
  const { client, signal, recreations, ownerKey } = context;
  const { namespace, name } = live.metadata;
  const current = await client.get(kind.type, { namespace, name }, { signal });
  const replicas = fieldOf(fieldOf(current, 'spec'), 'replicas');
  if (typeof replicas === 'number' && isAutoscaled(whole.body, current, undefined))
    recreations.carry(ownerKey, memoryKey, replicas);
}

async function remove(
  { kind, live }: Fixed,
  how: Exclude<OnImmutable, 'refuse'>,
  { client, signal }: PlanContext,
): Promise<void> {
  const { namespace, name, uid } = live.metadata;
  const propagationPolicy = how === 'recreate' ? 'Foreground' : 'Orphan';
  try {
    await client.delete(kind.type, { namespace, name }, { preconditions: { uid }, propagationPolicy, signal });
  } catch (error) {
    // Another object has the name by now: the next pass judges that one.
    if (!(error instanceof ApiError && error.isConflict)) throw error;
  }
}

function recreating(
  { child }: Fixed,
  { fields }: ImmutableFieldError,
  how: Exclude<OnImmutable, 'refuse'>,
  growth: ClaimsGrown | undefined,
): ChildResult {
  const why = `${fields.join(', ')} cannot be changed`;
  const whose = how === 'recreate' ? 'with everything it owns' : 'while its pods go on';
  const grown = growth === undefined || growth.claims.length === 0 ? '' : `; grown: ${growth.claims.join(', ')}`;
  const detail = `${why}: it is deleted ${whose}, and made anew${grown}`;
  const note = `${child}: ${detail}`;
  return {
    child,
    action: 'Recreating',
    detail,
    notice: { type: 'Normal', reason: 'Recreating', action: 'Delete', note },
  };
}

/** Pods are taken over by their labels; with another selector nobody would have those that are there. */
function wouldLosePods({ child }: Fixed): Failure {
  const message = `${child}: its selector cannot be changed while its pods go on, for nobody would own them afterwards. Set it back, or let the plan use onImmutable "recreate"`;
  return { child, terminal: true, reason: 'ImmutableField', message };
}

/** What the user can do where the plan does not allow to make the child anew. */
function refused({ child, kind, live }: Fixed, { fields, message }: ImmutableFieldError): Failure {
  const { group, plural } = kind.type;
  const { namespace, name } = live.metadata;
  const resource = group === '' ? plural : `${plural}.${group}`;
  const where = namespace === undefined ? '' : ` -n ${namespace}`;
  const pods = group === 'apps' ? ' --cascade=orphan' : '';
  const remedy = `Set ${fields.length === 1 ? 'it' : 'them'} back, or delete the object to have it made anew: kubectl delete ${resource} ${name}${where}${pods}`;
  return { child, terminal: true, reason: 'ImmutableField', message: `${message}. ${remedy}` };
}
