import type { Draft, Embedded, PersistentVolumeClaim, PersistentVolumeClaimSpec, Quantity } from '@capstan/kube';
import { child } from './child.ts';
import type { ChildMetadata, Labels } from './metadata.ts';
import { dnsSubdomain } from './names.ts';

/** A claim's spec. Only its size can change later, and only upwards. */
export interface PersistentVolumeClaimOptions extends Omit<PersistentVolumeClaimSpec, 'resources' | 'accessModes'> {
  readonly storage: Quantity;
  /** `ReadWriteOnce`, one node at a time, unless told. */
  readonly accessModes?: readonly ('ReadWriteOnce' | 'ReadOnlyMany' | 'ReadWriteMany' | 'ReadWriteOncePod')[];
  /** Left out: the cluster's default class. Empty: no dynamic provisioning. */
  readonly storageClassName?: string;
}

/** A claim of one volume. The runtime never prunes it: data outlives a mistake in a plan. */
export function persistentVolumeClaim(
  metadata: ChildMetadata,
  options: PersistentVolumeClaimOptions,
): Draft<PersistentVolumeClaim> {
  const draft: Draft<PersistentVolumeClaim> = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata,
    spec: claimSpec(options),
  };
  return child<PersistentVolumeClaim>(draft, dnsSubdomain);
}

export interface ClaimTemplateOptions extends PersistentVolumeClaimOptions {
  /** Pod `N` of StatefulSet `S` gets the claim `<name>-S-N`. */
  readonly name: string;
  readonly labels?: Labels;
}

/**
 * A claim of one volume per pod, for `volumeClaimTemplates` of a StatefulSet.
 *
 * It names its own kind: the server would fill that in, and so the body stays the one the server shows.
 */
export function claimTemplate({ name, labels, ...options }: ClaimTemplateOptions): Embedded<PersistentVolumeClaim> {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, ...(labels !== undefined && { labels }) },
    spec: claimSpec(options),
  };
}

function claimSpec(options: PersistentVolumeClaimOptions): PersistentVolumeClaimSpec {
  const { storage, accessModes = ['ReadWriteOnce'], ...spec } = options;
  return { accessModes, ...spec, resources: { requests: { storage } } };
}
