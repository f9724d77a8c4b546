import type { Draft, FieldSet, KubeObject, ManagedFieldsEntry } from '@capstan/kube';
import { type EngineNames, seal } from './seal.ts';

export const names: EngineNames = {
  fieldManager: 'me',
  sealAnnotation: 'x.test/applied',
  liveAnnotation: 'x.test/live',
  adoptAnnotation: 'x.test/adopt',
  retainAnnotation: 'x.test/retained-for',
  exclusiveAnnotation: 'x.test/exclusive',
  formerManagers: ['former'],
};

/** A desired object; any part can be replaced. */
export function aDesired(overrides: Readonly<Record<string, unknown>> = {}): Draft<KubeObject> {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'n' }, ...overrides };
}

/** Our entry, owning these fields and the seal. */
export function ownEntryWith(fields: FieldSet): ManagedFieldsEntry {
  const sealed = { 'f:metadata': { 'f:annotations': { [`f:${names.sealAnnotation}`]: {} } } };
  return {
    manager: 'me',
    operation: 'Apply',
    apiVersion: 'v1',
    fieldsType: 'FieldsV1',
    fieldsV1: { ...sealed, ...fields },
  };
}

/** The entry of another manager. */
export function entryOf(
  manager: string,
  fieldsV1: FieldSet,
  more: Partial<ManagedFieldsEntry> = {},
): ManagedFieldsEntry {
  return { manager, operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1, ...more };
}

/** The live object that an apply of `desired` leaves, with these ownership records. */
export function aLive(
  desired: Draft<KubeObject>,
  managedFields: readonly ManagedFieldsEntry[],
  overrides: Readonly<Record<string, unknown>> = {},
): KubeObject {
  const { body } = seal(desired, names);
  return {
    ...body,
    ...overrides,
    metadata: { name: 'a', uid: 'u1', resourceVersion: '1', ...body.metadata, managedFields },
  };
}
