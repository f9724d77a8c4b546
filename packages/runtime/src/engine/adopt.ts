import type { Draft, FieldSet, KubeObject, ManagedFieldsEntry } from '@capstan/kube';
import { audit } from './audit.ts';
import type { ChildRequests } from './child-requests.ts';
import { exclusiveLists, foreignItems } from './exclusive-lists.ts';
import type { FieldPath } from './field-path.ts';
import { isLeaf, restrictBelow, subtract, unionOfRoots } from './field-set.ts';
import type { Finding } from './finding.ts';
import { isOwn, type OwnershipEntry, ownEntry } from './managed-fields.ts';

/** What an adoption moved into our entry, by the entry it came from. */
export interface Adoption {
  readonly moved: readonly { readonly from: OwnershipEntry; readonly fields: FieldSet }[];
}

/**
 * Makes ours what others own beside the fields that they took from us, and in lists that are to be ours alone, so that the
 * next apply removes it.
 *
 * After an ordinary `kubectl edit` a forced apply can be refused as invalid for ever: the editor's list item (`port: 81`,
 * same name) or union member (`probe.exec` for our `httpGet`) stays theirs while ours is added beside it.
 *
 * @returns `undefined` when there is nothing to adopt, and the refusal is about our own body
 */
export function adopt(requests: ChildRequests, body: Draft<KubeObject>): Promise<Adoption | undefined> {
  let attempted: Adoption | undefined;
  return requests.retryingConflicts(async () => {
    const live = await requests.readMetadata();
    const own = live && ownEntry(live, requests.names.fieldManager);
    if (live === undefined || own === undefined || live.metadata.deletionTimestamp !== undefined) return undefined;
    const { names } = requests;
    const found = audit(body, live, own.fieldsV1, names.fieldManager, 'metadata');
    const foreign = foreignItems(live, own.fieldsV1, exclusiveLists(body, names), names);
    const adoption = adoptable(live, own, [...found, ...foreign]);
    // Nothing left to move after a conflict: our patch had arrived, and its answer was lost.
    if (adoption.moved.length === 0) return attempted;
    attempted = adoption;
    await requests.patchManagedFields(live, adoptedEntries(live, adoption, requests.names.fieldManager));
    return adoption;
  });
}

/**
 * Gives back what was adopted in vain, because the body is refused even so: left with us, the next apply would remove
 * fields that others rightly own.
 */
export async function giveBack(requests: ChildRequests, adoption: Adoption): Promise<void> {
  await requests.retryingConflicts(async () => {
    const live = await requests.readMetadata();
    if (live === undefined || live.metadata.deletionTimestamp !== undefined) return;
    await requests.patchManagedFields(live, returnedEntries(live, adoption, requests.names.fieldManager));
  });
}

/** What others own below the parents of lost fields. Entries of subresources (status, scale) are never touched. Pure. */
export function adoptable(live: KubeObject, own: OwnershipEntry, findings: readonly Finding[]): Adoption {
  const places = findings.flatMap(placesToAdopt);
  const entries = (live.metadata.managedFields ?? []).filter((entry) => isAdoptable(entry, own));
  const moved = entries.map((from) => ({
    from,
    fields: subtract(restrictBelow(from.fieldsV1, places), own.fieldsV1),
  }));
  return { moved: moved.filter(({ fields }) => !isLeaf(fields)) };
}

/**
 * Where something may stand beside a lost field: below its parent. A field that somebody holds now is taken back by force, so
 * its siblings matter less (`strategy.type` and `strategy.rollingUpdate`), and not at all beside a field as high as
 * `.spec.replicas`, where they are half of the object; what that somebody put inside the field does matter.
 *
 * Labels, annotations and owners of others never make an object invalid.
 */
function placesToAdopt({ kind, at, takenBy }: Finding): readonly FieldPath[] {
  const parent = at.slice(0, -1);
  if (kind === 'Foreign') return [parent];
  if (kind !== 'Lost' || parent.length === 0 || at[0] === 'f:metadata') return [];
  if (takenBy === undefined) return [parent];
  return parent.length === 1 ? [at] : [at, parent];
}

function isAdoptable(entry: ManagedFieldsEntry, own: OwnershipEntry): entry is OwnershipEntry {
  return entry !== own && entry.fieldsV1 !== undefined && (entry.subresource ?? '') === '';
}

/** The records after an adoption. Pure. */
export function adoptedEntries(
  live: KubeObject,
  { moved }: Adoption,
  fieldManager: string,
): readonly ManagedFieldsEntry[] {
  return (live.metadata.managedFields ?? []).flatMap((entry) => {
    if (isOwn(entry, fieldManager)) {
      return { ...entry, fieldsV1: moved.map(({ fields }) => fields).reduce(unionOfRoots, entry.fieldsV1 ?? {}) };
    }
    return withFields(entry, (fields) =>
      moved.filter(({ from }) => from === entry).reduce((left, { fields: gone }) => subtract(left, gone), fields),
    );
  });
}

/** The records after giving back. Pure. */
export function returnedEntries(
  live: KubeObject,
  { moved }: Adoption,
  fieldManager: string,
): readonly ManagedFieldsEntry[] {
  const entries = (live.metadata.managedFields ?? []).flatMap((entry) => {
    if (!isOwn(entry, fieldManager)) return entry;
    return withFields(entry, (fields) => moved.reduce((left, { fields: gone }) => subtract(left, gone), fields));
  });
  for (const { from, fields } of moved) {
    const index = entries.findIndex((entry) => isSameOwner(entry, from));
    const home = entries[index] ?? { ...from, fieldsV1: {} };
    entries.splice(index < 0 ? entries.length : index, 1, {
      ...home,
      fieldsV1: unionOfRoots(home.fieldsV1 ?? {}, fields),
    });
  }
  return entries;
}

function withFields(entry: ManagedFieldsEntry, change: (fields: FieldSet) => FieldSet): ManagedFieldsEntry[] {
  const fieldsV1 = change(entry.fieldsV1 ?? {});
  return isLeaf(fieldsV1) ? [] : [{ ...entry, fieldsV1 }];
}

function isSameOwner(a: ManagedFieldsEntry, b: ManagedFieldsEntry): boolean {
  return (
    a.manager === b.manager &&
    a.operation === b.operation &&
    a.apiVersion === b.apiVersion &&
    (a.subresource ?? '') === (b.subresource ?? '')
  );
}
