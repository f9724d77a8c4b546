import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '@capstan/kube';
import type { Admission } from './informer.ts';

/**
 * Decides what the cache keeps of an arriving resource, and whether it starts a pass.
 *
 * Our own status writes never come here as changes (their answer is stored first, see `Informer.write`), so a status
 * that differs was changed by somebody else and is put right like everything else.
 */
export function primaryAdmission<T extends KubeObject>(object: T, before: T | undefined): Admission<T> {
  return { keep: withoutManagedFields(object), quiet: before !== undefined && !isMeaningful(before, object) };
}

function isMeaningful(before: KubeObject, after: KubeObject): boolean {
  return !isDeepStrictEqual(significant(before), significant(after));
}

function significant(object: KubeObject): unknown {
  const { uid, generation, deletionTimestamp, labels, annotations, finalizers } = object.metadata;
  return [
    uid,
    generation,
    deletionTimestamp,
    labels,
    annotations,
    finalizers,
    'status' in object ? object.status : undefined,
  ];
}

/** Nobody asks who owns the fields of a resource, and the records are half of its size. */
function withoutManagedFields<T extends KubeObject>(object: T): T {
  const { managedFields: _dropped, ...metadata } = object.metadata;
  return { ...object, metadata };
}
