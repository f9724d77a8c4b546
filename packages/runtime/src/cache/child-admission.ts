import type { KubeObject, ObjectMeta } from '@capstan/kube';
import { digestOf } from '../engine/digest.ts';
import { isStripped, stripManagedFields } from '../engine/managed-fields.ts';
import type { AppliedMemory } from '../engine/memory.ts';
import type { EngineNames } from '../engine/seal.ts';
import { helmReleaseAnnotation, helmReleaseOf } from '../helm-release.ts';
import type { Admission } from './informer.ts';

export interface ChildAdmissionOptions {
  readonly names: EngineNames;
  readonly mode: 'metadata' | 'full';
  readonly memory: AppliedMemory;
  /** The name of a child in the memory, which all kinds share. */
  readonly memoryKey: (child: KubeObject) => string;
  /** Whether the object's controller owner is a resource of this controller. */
  readonly isOurs: (child: KubeObject) => boolean;
}

/**
 * Decides what the cache keeps of an arriving child.
 *
 * A child exactly as we left it is kept without managedFields and, unless its status moved, announced to nobody: most
 * events end here. A child that differs keeps its managedFields until the next pass has judged it. An object of
 * somebody else is kept as a stub, enough to know that its name is taken.
 */
export function childAdmission<T extends KubeObject>(
  options: ChildAdmissionOptions,
): (object: T, before: T | undefined) => Admission<T> {
  const { names, mode, memory, memoryKey, isOurs } = options;
  return (arrived, before) => {
    const object = mode === 'metadata' ? metadataOf(arrived) : arrived;
    if (!isOurs(object) && !bearsOurMark(object, names))
      return {
        keep: stub(object, names),
        quiet:
          !isOffered(object, before, names) && !isFreed(object, before) && (before === undefined || !isOurs(before)),
      };
    if (!isStripped(object)) {
      const digest = digestOf(object, names, mode);
      const settled = digest !== undefined && memory.matches(memoryKey(object), digest);
      if (!settled) return { keep: object, quiet: false };
    }
    return { keep: stripManagedFields(object), quiet: before !== undefined && !statusMoved(before, object) };
  };
}

/** The answer to a write is a whole object, also for kinds of which only metadata is kept. */
function metadataOf<T extends KubeObject>({ apiVersion, kind, metadata }: T): T {
  return { apiVersion, kind, metadata } as T; // what a metadata-only watch brings for every kind
}

function bearsOurMark(object: KubeObject, names: EngineNames): boolean {
  return (
    object.metadata.managedFields?.some(({ manager }) => manager === names.fieldManager) ??
    names.sealAnnotation in (object.metadata.annotations ?? {})
  );
}

/** Somebody has just agreed that this object be taken over. */
function isOffered(object: KubeObject, before: KubeObject | undefined, { adoptAnnotation }: EngineNames): boolean {
  const offer = object.metadata.annotations?.[adoptAnnotation];
  return offer !== undefined && offer !== before?.metadata.annotations?.[adoptAnnotation];
}

/** Whoever had this object, another controller or a Helm release, has just let go of it. */
export function isFreed(object: KubeObject, before: KubeObject | undefined): boolean {
  return before !== undefined && isHeld(before) && !isHeld(object);
}

function isHeld(object: KubeObject): boolean {
  const { ownerReferences = [] } = object.metadata;
  return helmReleaseOf(object) !== undefined || ownerReferences.some(({ controller }) => controller === true);
}

function stub<T extends KubeObject>(object: T, { adoptAnnotation }: EngineNames): T {
  const { name, namespace, uid, resourceVersion, ownerReferences, annotations: all } = object.metadata;
  const annotations = Object.entries(all ?? {}).filter(
    ([key]) => key === adoptAnnotation || key === helmReleaseAnnotation,
  );
  const metadata: Partial<ObjectMeta> = {
    name,
    ...(namespace !== undefined && { namespace }),
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
    ...(ownerReferences !== undefined && { ownerReferences }),
    ...(annotations.length > 0 && { annotations: Object.fromEntries(annotations) }),
  };
  // A stub is an object whose other fields nobody asks for: only its name, UID and whose it is are read.
  return { apiVersion: object.apiVersion, kind: object.kind, metadata } as T;
}

function statusMoved(before: KubeObject, after: KubeObject): boolean {
  if (
    before.metadata.deletionTimestamp !== after.metadata.deletionTimestamp ||
    before.metadata.generation !== after.metadata.generation
  )
    return true;
  return JSON.stringify(statusOf(before)) !== JSON.stringify(statusOf(after));
}

function statusOf(object: KubeObject): unknown {
  return 'status' in object ? object.status : undefined;
}
