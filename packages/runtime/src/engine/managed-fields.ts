import type { FieldSet, KubeObject, ManagedFieldsEntry } from '@capstan/kube';
import type { FieldPath } from './field-path.ts';
import { nodeAt } from './field-set.ts';
import type { Taker } from './finding.ts';
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

/**
 * Who owns the field now. Of several owners the one that wrote through a subresource, else the latest: the others only
 * agreed with what was there.
 */
export function takerIn(others: readonly OwnershipEntry[], at: FieldPath): Taker | undefined {
  const owners = others.filter(({ fieldsV1 }) => nodeAt(fieldsV1, at) !== undefined);
  const entry = owners.find(({ subresource }) => subresource !== undefined) ?? latestOf(owners);
  if (entry === undefined) return undefined;
  const { manager = 'unknown', operation, subresource, time } = entry;
  return {
    manager,
    ...(operation !== undefined && { operation }),
    ...(subresource !== undefined && { subresource }),
    ...(time !== undefined && { time }),
  };
}

/** Times are RFC 3339 in UTC, to the second: their text sorts as they do. */
function latestOf(entries: readonly OwnershipEntry[]): OwnershipEntry | undefined {
  return entries.reduce<OwnershipEntry | undefined>((latest, entry) => {
    return latest === undefined || (entry.time ?? '') > (latest.time ?? '') ? entry : latest;
  }, undefined);
}
