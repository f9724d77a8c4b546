import type { ObjectMeta, PersistentVolumeClaim } from '@capstan/kube';
import { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { adminClaimsAmong } from '../children/admin-claims.ts';
import { adminComponent } from '../children/admin-pod.ts';
import { componentLabels } from '../labels.ts';

/** Where to find one claim, and that it is the one that was seen. */
export interface FormerVolume {
  readonly namespace: string | undefined;
  readonly name: string;
  readonly uid: string;
}

/**
 * The claims that prism-admin of a cluster had before it was last bootstrapped anew: of its name, made for this cluster, without an
 * owner, and of an epoch before the present one. Those of the present epoch may be in use by somebody who has just taken their
 * owner away; they count only while members stop, and where the mark says that the operator itself took it away. Pure.
 */
export function formerVolumes(
  cluster: PrismCluster,
  claims: readonly PersistentVolumeClaim[],
): readonly FormerVolume[] {
  const { adminEpoch = 0, adminRebootstrap } = cluster.status ?? {};
  const epochs = new Map(
    adminClaimsAmong(
      cluster,
      claims.map(({ metadata: { name } }) => name),
    ).map(({ name, epoch }) => [name, epoch] as const),
  );
  const isFormer = ({ metadata }: PersistentVolumeClaim) => {
    const epoch = epochs.get(metadata.name) ?? Number.POSITIVE_INFINITY;
    const isRetained = isRetainedFor(cluster, metadata);
    if (epoch < adminEpoch) return isRetained || isLabelledFor(cluster, metadata);
    return epoch === adminEpoch && adminRebootstrap?.step === 'Stopping' && isRetained;
  };
  return claims.filter(isFormer).flatMap(({ metadata: { namespace, name, uid, ...rest } }) => {
    const isLeft = (rest.ownerReferences ?? []).length === 0 && rest.deletionTimestamp === undefined;
    return isLeft && uid !== undefined ? [{ namespace, name, uid }] : [];
  });
}

/** A StatefulSet gives its claims what it finds its pods by. */
function isLabelledFor(cluster: PrismCluster, { labels = {} }: ObjectMeta): boolean {
  return Object.entries(componentLabels(cluster, adminComponent)).every(([label, value]) => labels[label] === value);
}

/** The mark of the runtime on what it has let go of. */
function isRetainedFor({ metadata: { name } }: PrismCluster, { annotations = {} }: ObjectMeta): boolean {
  return annotations[`${PrismCluster.group}/retained-for`] === name;
}
