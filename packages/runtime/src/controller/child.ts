import { isDataHolder } from '../engine/holds-data.ts';
import { fieldOf } from '../engine/json-value.ts';
import { childName, type Desired, type StepObject } from './plan.ts';

/**
 * What to do with a change of a field that the API server lets nobody change (a StatefulSet's claim templates, a Deployment's
 * selector, a Job's template, a RoleBinding's role).
 *
 * - `refuse`: a terminal failure `ImmutableField` that names the field; the child stays as it is.
 * - `recreate`: delete the child with what it owns, wait until it is gone, make it anew. Its pods go with it.
 * - `orphanAndRecreate`: delete the child alone and make it anew; its pods go on and are taken over by their labels.
 */
export type OnImmutable = 'refuse' | 'recreate' | 'orphanAndRecreate';

/** How one child is dealt with, where that differs from the rest. */
export interface ChildOptions {
  /** `refuse` unless told. One child of a resource is made anew at a time, and only if the server would take the new one. */
  readonly onImmutable?: OnImmutable;
  /**
   * For a StatefulSet whose claim templates ask for more storage than before: grow the volumes that exist, then make the
   * StatefulSet anew around its running pods. Volumes never shrink. The controller needs {@link growClaimsCalls}.
   */
  readonly growClaims?: boolean;
  /**
   * Keep the object when the plan no longer names it and when the resource is deleted; true for kinds that hold data
   * (PersistentVolumeClaim, Namespace ...) unless told. A kept object has no owner reference; a resource of the same name takes
   * it up again. For credentials, above all.
   */
  readonly retain?: boolean;
  /**
   * Whose number of replicas counts: `OursOrAutoscaler` unless told, which leaves it alone once a HorizontalPodAutoscaler has set it.
   * `Ours` where another number does harm, as for members of a quorum: an autoscaler is then somebody who fights over a field.
   */
  readonly replicas?: 'Ours' | 'OursOrAutoscaler';
  /**
   * Lists that must hold nothing but what the body says, as `spec.ports`: items that others add are removed. Lists of items
   * with keys, and sets; other lists are the body's as a whole anyhow.
   */
  readonly exclusive?: readonly string[];
  /**
   * For a StatefulSet or DaemonSet with the update strategy `OnDelete` whose pods the operator itself replaces when their template
   * changes: in which order, as `one at a time, the leader last`. Only said, in a preview; without it a preview says that no
   * pod restarts.
   */
  readonly restartsPods?: string;
  /**
   * The resource itself names this object as one to take over: no annotation on the object is asked for. What another controller or
   * a Helm release owns is left alone all the same.
   */
  readonly adopt?: boolean;
}

/** A body with its own rules. */
export interface Child extends ChildOptions {
  readonly object: Desired;
}

/**
 * Gives a body rules of its own, to be put into a step.
 *
 * @throws {Error} when the rules contradict the object: what holds data is never made anew, only a StatefulSet has claims, and
 * only pods that nobody else rolls are restarted by the operator
 * @example
 * ```ts
 * const brokers = { name: 'brokers', objects: [child(statefulSet, { onImmutable: 'orphanAndRecreate', growClaims: true })] };
 * ```
 */
export function child(object: Desired, options: ChildOptions): Child {
  const name = childName(object);
  const { onImmutable = 'refuse' } = options;
  if (onImmutable !== 'refuse' && isDataHolder(object))
    throw new Error(`${name}: onImmutable "${onImmutable}" would delete data; a ${object.kind} is never made anew`);
  if (onImmutable !== 'refuse' && options.retain === true)
    throw new Error(`${name}: it cannot be retained and be deleted by onImmutable "${onImmutable}"`);
  if (options.growClaims === true && object.kind !== 'StatefulSet')
    throw new Error(`${name}: growClaims is for StatefulSets; a ${object.kind} has no claim templates`);
  if (options.restartsPods !== undefined && !leavesPodsAlone(object))
    throw new Error(`${name}: restartsPods is for a StatefulSet or DaemonSet with the update strategy OnDelete`);
  return { object, ...options };
}

/** Whether pods stay as they are when their template changes, until somebody deletes them. */
function leavesPodsAlone(object: Desired): boolean {
  const strategy = fieldOf(fieldOf(object, 'spec'), 'updateStrategy');
  return ['StatefulSet', 'DaemonSet'].includes(object.kind) && fieldOf(strategy, 'type') === 'OnDelete';
}

/** What a step is made of, with its rules. */
export function childOf(item: StepObject): Child {
  return 'kind' in item ? { object: item } : item;
}

/** Whether an autoscaler may decide how many replicas the child has. */
export function mayBeAutoscaled({ replicas = 'OursOrAutoscaler' }: ChildOptions): boolean {
  return replicas === 'OursOrAutoscaler';
}

/** Whether the object stays when nobody asks for it any more. */
export function isRetained({ object, retain = isDataHolder(object) }: Child): boolean {
  return retain;
}
