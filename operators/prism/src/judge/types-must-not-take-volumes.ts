import { StatefulSet } from '@capstan/kube';
import type { PrismCluster, PrismPattern } from '../api/v1alpha1/prism-cluster.ts';
import { namespaceOf, patternName } from '../names.ts';
import type { Judged, Refusal } from './guard.ts';

/** With the StatefulSet of a pattern that becomes a Deployment its volumes would go, where data goes with what is taken out. */
export function typesMustNotTakeVolumes(cluster: PrismCluster, { live }: Pick<Judged, 'live'>): Refusal | undefined {
  const { patterns, deletionPolicy } = cluster.spec;
  if (deletionPolicy !== 'Delete') return undefined;
  const losing = patterns.filter((pattern) => pattern.type === 'Deployment' && hasVolumes(cluster, pattern, live));
  if (losing.length === 0) return undefined;
  const fields = losing.map(({ name }) => `spec.patterns[${name}].type`).join(', ');
  const message =
    `${fields} is Deployment, but with deletionPolicy Delete the volumes of the StatefulSet, and the data on them, would be deleted. Set it back to StatefulSet; ` +
    'or set spec.deletionPolicy to Retain, by which they stay, until the change is carried out';
  return { reason: 'StorageChangeRefused', message };
}

function hasVolumes(cluster: PrismCluster, { name }: PrismPattern, live: Judged['live']): boolean {
  const metadata = { name: patternName(cluster, name), namespace: namespaceOf(cluster) };
  const found = live({ apiVersion: 'apps/v1', kind: StatefulSet.kind, metadata });
  if (found === undefined || !isStatefulSet(found) || found.metadata.deletionTimestamp !== undefined) return false;
  const { volumeClaimTemplates = [], persistentVolumeClaimRetentionPolicy } = found.spec ?? {};
  return volumeClaimTemplates.length > 0 && persistentVolumeClaimRetentionPolicy?.whenDeleted === 'Delete';
}

function isStatefulSet(object: { readonly kind: string }): object is StatefulSet {
  return object.kind === StatefulSet.kind;
}
