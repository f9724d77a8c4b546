import type { FieldSet, KubeObject, ManagedFieldsEntry } from '@capstan/kube';
import { nodeAt } from './field-set.ts';
import type { EngineNames } from './seal.ts';

/** An entry that says what it owns. */
export type OwnershipEntry = ManagedFieldsEntry & { readonly fieldsV1: FieldSet };

const STRIPPED: readonly ManagedFieldsEntry[] = Object.freeze([]);

/**
 * The object without its ownership records, which are half of its size.
 *
 * What is left is an *empty* list. The server never sends one, it leaves the field out; so an object whose records somebody
 * wiped (drift, to be repaired) can be told from an object that the cache stripped because it was as we left it.
 */
export function stripManagedFields<T extends KubeObject>(object: T): T {
  return { ...object, metadata: { ...object.metadata, managedFields: STRIPPED } };
}

/** Whether {@link stripManagedFields} made this object. */
export function isStripped(object: KubeObject): boolean {
  return object.metadata.managedFields?.length === 0;
}

/** The entry of our server-side applies: our name, operation Apply, no subresource. */
export function ownEntry(object: KubeObject, fieldManager: string): OwnershipEntry | undefined {
  return object.metadata.managedFields?.filter(hasFields).find((entry) => isOwn(entry, fieldManager));
}

/** All entries but ours. An Update under our name is another entry: the operation is part of the identity. */
export function foreignEntries(object: KubeObject, fieldManager: string): readonly OwnershipEntry[] {
  return (object.metadata.managedFields ?? []).filter(hasFields).filter((entry) => !isOwn(entry, fieldManager));
}

export function isOwn(entry: ManagedFieldsEntry, fieldManager: string): boolean {
  return entry.manager === fieldManager && entry.operation === 'Apply' && (entry.subresource ?? '') === '';
}

function hasFields(entry: ManagedFieldsEntry): entry is OwnershipEntry {
  return entry.fieldsV1 !== undefined;
}

/** Whether our entry owns `.spec.replicas`: dropping it from the body would then make the server default it to 1. */
export function ownsReplicas(object: KubeObject, names: EngineNames): boolean {
  return nodeAt(ownEntry(object, names.fieldManager)?.fieldsV1, ['f:spec', 'f:replicas']) !== undefined;
}
