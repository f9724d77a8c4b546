import type { KubeObject, ObjectMeta } from '@capstan/kube';
import { fieldManager, isOwnAnnotation, ownLabels } from './marks.ts';

/**
 * The merge patch that takes the operator's marks off an object: its annotations, its labels, the reference to the cluster and its
 * part of managedFields. Values stay, and nothing outside of the metadata is touched, so no pod restarts. It names the version that
 * was read: of an object that has changed since, the server refuses it.
 *
 * @returns `undefined` when there is nothing to take off
 */
export function withoutMarks({ metadata }: KubeObject, cluster: string): object | undefined {
  const changes = {
    ...nulls('annotations', Object.keys(metadata.annotations ?? {}).filter(isOwnAnnotation)),
    ...nulls('labels', labelsOf(metadata)),
    ...ownersOf(metadata, cluster),
    ...managersOf(metadata),
  };
  if (Object.keys(changes).length === 0) return undefined;
  return { metadata: { uid: metadata.uid, resourceVersion: metadata.resourceVersion, ...changes } };
}

function nulls(field: 'annotations' | 'labels', names: readonly string[]): object {
  return names.length === 0 ? {} : { [field]: Object.fromEntries(names.map((name) => [name, null])) };
}

function labelsOf({ labels = {} }: ObjectMeta): readonly string[] {
  return Object.entries(ownLabels)
    .filter(([name, value]) => name in labels && (value === undefined || labels[name] === value))
    .map(([name]) => name);
}

function ownersOf({ ownerReferences = [] }: ObjectMeta, cluster: string): object {
  const others = ownerReferences.filter(({ kind, name }) => kind !== 'PrismCluster' || name !== cluster);
  return others.length === ownerReferences.length ? {} : { ownerReferences: others };
}

/** An empty list would mean that nothing is said of them; one empty entry empties it. */
function managersOf({ managedFields = [] }: ObjectMeta): object {
  const others = managedFields.filter(({ manager }) => manager !== fieldManager);
  if (others.length === managedFields.length) return {};
  return { managedFields: others.length === 0 ? [{}] : others };
}
