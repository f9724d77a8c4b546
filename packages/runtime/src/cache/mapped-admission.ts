import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, ObjectMeta } from '@capstan/kube';
import type { Admission } from './informer.ts';

export interface MappedAdmissionOptions {
  /** What is held of an object, besides who it is; everything but managedFields unless told. */
  readonly keep?: ((object: KubeObject) => KubeObject) | undefined;
  /** Told when `keep` throws. The object is held whole then: it must not be missing from the cache. */
  readonly onFailure: (object: KubeObject, error: unknown) => void;
}

/**
 * Decides what the cache keeps of an object that is watched for the sake of others. Where only a part of it is kept, a change
 * of the rest is announced to nobody.
 */
export function mappedAdmission({
  keep,
  onFailure,
}: MappedAdmissionOptions): (object: KubeObject, before: KubeObject | undefined) => Admission<KubeObject> {
  if (keep === undefined) return (object) => ({ keep: withoutManagedFields(object), quiet: false });
  return (arrived, before) => {
    const object = withoutManagedFields(arrived);
    const kept = partOf(object, keep, onFailure);
    return { keep: kept, quiet: before !== undefined && isDeepStrictEqual(significant(before), significant(kept)) };
  };
}

function partOf(
  object: KubeObject,
  keep: (object: KubeObject) => KubeObject,
  onFailure: MappedAdmissionOptions['onFailure'],
): KubeObject {
  try {
    const part = keep(object);
    return { ...part, metadata: { ...part.metadata, ...identityOf(object) } };
  } catch (error) {
    onFailure(object, error);
    return object;
  }
}

/** What the cache itself goes by, and whether the object is on its way out: never left to the author. */
function identityOf({ metadata }: KubeObject): ObjectMeta {
  const { name, namespace, uid, resourceVersion, deletionTimestamp } = metadata;
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
    ...(deletionTimestamp !== undefined && { deletionTimestamp }),
  };
}

/** Every write moves the version; that alone says nothing. */
function significant({ metadata: { resourceVersion: _version, ...metadata }, ...rest }: KubeObject): unknown {
  return { ...rest, metadata };
}

function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields: _dropped, ...metadata } = object.metadata;
  return { ...object, metadata };
}
