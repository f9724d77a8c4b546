import type { KubeObject, ResourceType } from '@capstan/kube';

/** `Kind.group`. */
const dataKinds: ReadonlySet<string> = new Set([
  'PersistentVolumeClaim',
  'PersistentVolume',
  'Namespace',
  'CustomResourceDefinition.apiextensions.k8s.io',
  'VolumeSnapshot.snapshot.storage.k8s.io',
  'VolumeSnapshotContent.snapshot.storage.k8s.io',
]);

/** Whether data goes with objects of this kind: they are never pruned, and never deleted to be made anew. */
export function holdsData({ group, kind }: Pick<ResourceType, 'kind' | 'group'>): boolean {
  return dataKinds.has(group === '' ? kind : `${kind}.${group}`);
}

/** The same for a body. */
export function isDataHolder({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): boolean {
  const slash = apiVersion.indexOf('/');
  return holdsData({ kind, group: slash < 0 ? '' : apiVersion.slice(0, slash) });
}
