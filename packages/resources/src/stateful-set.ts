import type { Draft, Embedded, PersistentVolumeClaim, Quantity, StatefulSet, StatefulSetSpec } from '@capstan/kube';
import type { ChildMetadata } from './metadata.ts';

/** A StatefulSet; everything but its identity is the caller's. */
export function statefulSet(metadata: ChildMetadata, spec: StatefulSetSpec): Draft<StatefulSet> {
  return { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata, spec };
}

export interface ClaimTemplateOptions {
  readonly name: string;
  /** Empty: no dynamic provisioning. */
  readonly storageClassName: string;
  readonly storage: Quantity;
}

/**
 * A claim of one volume per pod, mounted by one node at a time.
 *
 * It names its own kind: the server would fill that in, and so the body stays the one the server shows.
 */
export function claimTemplate({
  name,
  storageClassName,
  storage,
}: ClaimTemplateOptions): Embedded<PersistentVolumeClaim> {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage } } },
  };
}
