import { ApiError, type KubeObject, kindNameOf } from '@capstan/kube';
import { keyOf, refOf } from '../cache/object-key.ts';
import { isStripped, ownEntry } from '../engine/managed-fields.ts';
import type { EngineNames } from '../engine/seal.ts';
import type { ApplyContext } from './apply-context.ts';
import { type ChildKind, memoryKeyOf } from './child-kinds.ts';
import { failureOf } from './failure.ts';
import type { ChildOutcome, Failure } from './outcome.ts';
import { childName, type Plan } from './plan.ts';
import type { Resource } from './reconciler.ts';

/** Kinds that hold data: owned or not, they are never pruned. */
const neverPruned: ReadonlySet<string> = new Set([
  'PersistentVolumeClaim',
  'PersistentVolume',
  'Namespace',
  'CustomResourceDefinition.apiextensions.k8s.io',
]);

/**
 * Deletes the objects that `owner` controls and the plan no longer names, of every owned kind alike.
 * Each deletion names the UID it means, so an object recreated meanwhile by somebody else is safe.
 */
export async function prune(
  plan: Plan,
  owner: Resource,
  context: ApplyContext,
): Promise<(ChildOutcome & { failure?: Failure })[]> {
  const wanted = new Set(
    plan.steps.flatMap(({ objects }) =>
      objects.map((body) =>
        memoryKeyOf(
          context.kinds.of(body).type,
          keyOf({ namespace: body.metadata.namespace ?? owner.metadata.namespace, name: body.metadata.name ?? '' }),
        ),
      ),
    ),
  );
  const prunable = context.kinds.all.filter(({ type }) => !neverPruned.has(kindNameOf(type)));
  return (await Promise.all(prunable.map((kind) => pruneKind(kind, wanted, owner, context)))).flat();
}

function pruneKind(
  kind: ChildKind,
  wanted: ReadonlySet<string>,
  owner: Resource,
  context: ApplyContext,
): Promise<(ChildOutcome & { failure?: Failure })[]> {
  const store = kind.informerFor(owner.metadata.namespace)?.store;
  const leftover = (store?.ownedBy(owner.metadata.uid ?? '') ?? []).filter((key) => {
    const live = store?.get(key);
    return live !== undefined && !wanted.has(memoryKeyOf(kind.type, key)) && wasMadeHere(live, context.names);
  });
  return Promise.all(
    leftover.map(async (key) => {
      const live = store?.get(key);
      const child = childName(live ?? { kind: kind.type.kind, metadata: refOf(key) });
      if (live?.metadata.deletionTimestamp !== undefined) return { child, action: 'Terminating' as const };
      try {
        await context.client.delete(kind.type, refOf(key), {
          preconditions: { uid: live?.metadata.uid },
          propagationPolicy: 'Background',
          signal: context.signal,
        });
        context.memory.forget(memoryKeyOf(kind.type, key));
        return { child, action: 'Pruned' as const };
      } catch (error) {
        // The UID changed: the object we meant is gone, and the new one is not ours to judge by old knowledge.
        if (error instanceof ApiError && error.isConflict) return { child, action: 'Terminating' as const };
        const failure = failureOf(child, error);
        return { child, action: 'Failed' as const, detail: failure.message, failure };
      }
    }),
  );
}

/**
 * Whether we ever applied this object. An owner reference alone is no proof: add-ons set it on objects of their own, and it
 * is copied with a manifest. Without its records an object is in the cache only when it is as our last apply left it.
 */
function wasMadeHere(live: KubeObject, { fieldManager }: EngineNames): boolean {
  return isStripped(live) || ownEntry(live, fieldManager) !== undefined;
}
