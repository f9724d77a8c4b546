import { ApiError, type KubeObject } from '@capstan/kube';
import { keyOf } from '../cache/object-key.ts';
import { holdsData } from '../engine/holds-data.ts';
import { isStripped, ownEntry } from '../engine/managed-fields.ts';
import type { EngineNames } from '../engine/seal.ts';
import { allEnded } from './all-ended.ts';
import type { ChildResult } from './apply-child.ts';
import type { ApplyContext } from './apply-context.ts';
import { type ChildKind, memoryKeyOf } from './child-kinds.ts';
import { failureOf } from './failure.ts';
import { childName, type Plan } from './plan.ts';
import type { Resource } from './reconciler.ts';

/** What stays. */
interface Keeping {
  /** What the plan names, by the names in the memory. */
  readonly wanted: ReadonlySet<string>;
  /** Kinds of which a child is held back by its step. */
  readonly heldKinds: ReadonlySet<string>;
  /** Some child could not be applied, which may be the successor of any. */
  readonly hasFailed: boolean;
}

/**
 * Deletes the objects that `owner` controls and the plan no longer names, of every owned kind alike, but for those it retains,
 * those that hold data, and those whose successor may not have come yet: all of them after a failure, and those of a kind of which a
 * child is held back, unless the plan calls them superfluous. Each deletion names the UID it means, so an object recreated
 * meanwhile by somebody else is safe.
 */
export async function prune(
  plan: Plan,
  { wanted, heldKinds, hasFailed }: Keeping,
  owner: Resource,
  context: ApplyContext,
): Promise<readonly ChildResult[]> {
  const prunable = context.kinds.all.filter(({ type }) => !holdsData(type));
  const pruned = prunable.flatMap((kind) => {
    const waits = hasFailed || heldKinds.has(kind.type.kind);
    return leftovers(kind, wanted, owner, context)
      .filter((live) => !waits || plan.superfluous?.(live) === true)
      .map((live) => pruneChild(kind, live, plan, context));
  });
  return allEnded(pruned);
}

function leftovers(
  kind: ChildKind,
  wanted: ReadonlySet<string>,
  owner: Resource,
  { names }: ApplyContext,
): readonly KubeObject[] {
  const { uid = '' } = owner.metadata;
  return kind.informers
    .flatMap(({ store }) => store.ownedBy(uid).flatMap((key) => store.get(key) ?? []))
    .filter((live) => !wanted.has(memoryKeyOf(kind.type, keyOf(live.metadata))))
    .filter((live) => wasMadeHere(live, names));
}

async function pruneChild(
  { type }: ChildKind,
  live: KubeObject,
  plan: Plan,
  { client, memory, names, signal }: ApplyContext,
): Promise<ChildResult> {
  const child = childName(live);
  const { namespace, name, uid, deletionTimestamp, annotations } = live.metadata;
  if (deletionTimestamp !== undefined) return { child, action: 'Terminating' };
  if (annotations?.[names.retainAnnotation] !== undefined || plan.retained?.(live) === true)
    return { child, action: 'Retained' };
  try {
    const options = { preconditions: { uid }, propagationPolicy: 'Background', signal } as const;
    await client.delete(type, { namespace, name }, options);
    memory.forget(memoryKeyOf(type, keyOf(live.metadata)));
    return { child, action: 'Pruned' };
  } catch (error) {
    // The UID changed: the object we meant is gone, and the new one is not ours to judge by old knowledge.
    if (error instanceof ApiError && error.isConflict) return { child, action: 'Terminating' };
    const failure = failureOf(child, error);
    return { child, action: 'Failed', detail: failure.message, failure };
  }
}

/**
 * Whether we ever applied this object. An owner reference alone is no proof: add-ons set it on objects of their own, and it
 * is copied with a manifest. Without its records an object is in the cache only when it is as our last apply left it.
 */
export function wasMadeHere(live: KubeObject, { fieldManager }: EngineNames): boolean {
  return isStripped(live) || ownEntry(live, fieldManager) !== undefined;
}
