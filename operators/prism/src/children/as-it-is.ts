import type { Draft, StatefulSet } from '@capstan/kube';
import { type Child, child } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';

/**
 * A StatefulSet as it is, but for its claims, which follow the cluster's policy: for one whose own change has to wait, or that
 * cannot be rendered at all. No pod of it is restarted.
 */
export function asItIs(cluster: PrismCluster, live: StatefulSet): Child {
  return { object: bodyOf(cluster, live, live.spec?.replicas) };
}

/** The same without a pod. Its volumes stay, which with it would go where the policy is `Delete`. */
export function stopped(cluster: PrismCluster, live: StatefulSet): Child {
  return child(bodyOf(cluster, live, 0), { replicas: 'Ours' });
}

function bodyOf(
  { spec: { deletionPolicy } }: PrismCluster,
  { metadata: { name, namespace, labels }, spec }: StatefulSet,
  replicas: number | undefined,
): Draft<StatefulSet> {
  return {
    ...{ apiVersion: 'apps/v1', kind: 'StatefulSet' },
    metadata: { name, ...(namespace !== undefined && { namespace }), ...(labels !== undefined && { labels }) },
    ...(spec !== undefined && {
      spec: {
        ...spec,
        ...(replicas !== undefined && { replicas }),
        persistentVolumeClaimRetentionPolicy: { whenDeleted: deletionPolicy, whenScaled: 'Retain' },
      },
    }),
  };
}
