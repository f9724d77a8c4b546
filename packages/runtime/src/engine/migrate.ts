import {
  apiVersionOf,
  type FieldSet,
  type KubeObject,
  type ManagedFieldsEntry,
  type ResourceType,
} from '@capstan/kube';
import type { ChildRequests } from './child-requests.ts';
import { unionOfRoots } from './field-set.ts';
import { foreignEntries, type OwnershipEntry } from './managed-fields.ts';
import type { EngineNames } from './seal.ts';

/** What the server calls the owner of everything that was there when an object without records is first applied. */
const BEFORE_FIRST_APPLY = 'before-first-apply';

/**
 * Takes over what former managers own in an object that we are about to apply for the first time.
 *
 * Without this a field of theirs that we do not want would stay for ever: an apply removes only what the applier owned.
 * Fields taken over and not wanted are removed by the apply that follows.
 *
 * An object without records (wiped, or older than they are) is claimed with the seal alone, before the server makes up an
 * owner of everything in it: `before-first-apply` would keep alive all that we drop later. It is not taken over either, as
 * it holds what the server allocated (volume names, cluster addresses, replicas set by an autoscaler) and what others
 * added; name it in `formerManagers` where an object is known to hold nothing of that kind.
 *
 * @returns the object as it is now; `undefined` when it is gone or there was nothing to migrate
 */
export function migrate(
  requests: ChildRequests,
  type: ResourceType,
  live: KubeObject,
): Promise<KubeObject | undefined> {
  // What a cache holds of a stranger may lack the records; only the server says that there are none.
  let known = live.metadata.managedFields === undefined ? undefined : live;
  return requests.retryingConflicts(async () => {
    const current = known ?? (await requests.readMetadata());
    known = undefined;
    if (current === undefined || current.metadata.deletionTimestamp !== undefined) return undefined;
    const managedFields = migratedEntries(current, apiVersionOf(type), requests.names);
    return managedFields && requests.patchManagedFields(current, managedFields);
  });
}

/** The records after migration; `undefined` when there is nothing to migrate. Pure. */
export function migratedEntries(
  live: KubeObject,
  apiVersion: string,
  names: EngineNames,
): readonly ManagedFieldsEntry[] | undefined {
  const all = live.metadata.managedFields ?? [];
  const entries = foreignEntries(live, names.fieldManager);
  if (entries.length === all.length && entries.every(isMadeUp)) {
    const isTakenOver = names.formerManagers.includes(BEFORE_FIRST_APPLY) && entries.length > 0;
    if (!isTakenOver) return [ownEntryOf(sealOnly(names), apiVersion, names)];
  }
  const former = entries.filter((entry) => isFormer(entry, apiVersion, names));
  const rest = all.filter((entry) => !former.some((taken) => taken === entry) && !isMadeUp(entry));
  if (rest.length === all.length) return undefined;
  const fields = former.map(({ fieldsV1 }) => fieldsV1).reduce(unionOfRoots, sealOnly(names));
  return [...rest, ownEntryOf(fields, apiVersion, names)];
}

/** Fields of another API version may have other names: such an entry is left as it is. */
function isFormer(entry: OwnershipEntry, apiVersion: string, { formerManagers }: EngineNames): boolean {
  const isWholeObject = (entry.subresource ?? '') === '';
  return isWholeObject && entry.apiVersion === apiVersion && formerManagers.includes(entry.manager ?? '');
}

function isMadeUp({ manager }: ManagedFieldsEntry): boolean {
  return manager === BEFORE_FIRST_APPLY;
}

function ownEntryOf(fieldsV1: FieldSet, apiVersion: string, { fieldManager }: EngineNames): ManagedFieldsEntry {
  return { manager: fieldManager, operation: 'Apply', apiVersion, fieldsType: 'FieldsV1', fieldsV1 };
}

function sealOnly({ sealAnnotation }: EngineNames): FieldSet {
  return { 'f:metadata': { 'f:annotations': { [`f:${sealAnnotation}`]: {} } } };
}
