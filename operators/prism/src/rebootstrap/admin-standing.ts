import { Deployment, PersistentVolumeClaim, StatefulSet } from '@capstan/kube';
import type { CacheReader } from '@capstan/runtime';
import type { PrismCluster, PrismClusterStatus } from '../api/v1alpha1/prism-cluster.ts';
import { adminClaim, adminClaimsAmong, epochOfClaim } from '../children/admin-claims.ts';
import { membersToldBy } from '../children/admin-members.ts';
import { isOwnedBy } from '../components.ts';
import { namesOf, namespaceOf } from '../names.ts';

/** prism-admin on its way to another number of members, as the status has it. */
export type Rebootstrap = NonNullable<PrismClusterStatus['adminRebootstrap']>;

/** What prism-admin was made with. */
export interface AdminStanding {
  /** Members that the raft group of prism-admin was made with; 0 while there is none. */
  readonly bootstrapped: number;
  /** How often it was bootstrapped anew, each time without a namespace in it. */
  readonly adminEpoch: number;
  /** `undefined` while it is not on its way to another number of members. */
  readonly rebootstrap: Rebootstrap | undefined;
}

type Cache = Pick<CacheReader<PrismCluster>, 'get' | 'list'>;

/** The status remembers it; where it was lost, the workload shows it, or the volumes that a cluster of this name has left. */
export function adminStandingOf(cluster: PrismCluster, cache: Cache): AdminStanding {
  const { bootstrappedAdminReplicas, adminEpoch = 0, adminRebootstrap } = cluster.status ?? {};
  if (bootstrappedAdminReplicas !== undefined)
    return { bootstrapped: bootstrappedAdminReplicas, adminEpoch, rebootstrap: adminRebootstrap };
  const made = byWorkload(cluster, cache) ?? byVolumes(cluster, cache);
  return { ...made, rebootstrap: undefined };
}

type Made = Omit<AdminStanding, 'rebootstrap'>;

function byWorkload(cluster: PrismCluster, cache: Cache): Made | undefined {
  const at = { namespace: namespaceOf(cluster), name: namesOf(cluster).admin };
  const group = cache.get(StatefulSet, at);
  if (group !== undefined && isOwnedBy(group, cluster)) {
    const [template] = group.spec?.volumeClaimTemplates ?? [];
    const [container] = group.spec?.template.spec?.containers ?? [];
    // Somebody may have scaled it, which makes no group of another number.
    const members = membersToldBy(container?.env ?? []) ?? group.spec?.replicas ?? 0;
    return { bootstrapped: groupOf(members), adminEpoch: epochOfClaim(template?.metadata?.name ?? '') };
  }
  const single = cache.get(Deployment, at);
  if (single === undefined || !isOwnedBy(single, cluster)) return undefined;
  const volumes = single.spec?.template.spec?.volumes ?? [];
  const claim = volumes.find(({ name }) => name === adminClaim)?.persistentVolumeClaim;
  // One that was taken over is called as its maker liked.
  const [own] = adminClaimsAmong(cluster, [claim?.claimName ?? '']);
  return { bootstrapped: 1, adminEpoch: own?.epoch ?? 0 };
}

/** The least group that has so many members, or a member of this number. */
function groupOf(members: number): number {
  return members <= 3 ? 3 : 5;
}

/**
 * Only those of the last bootstrap count, and none that goes with a former cluster or with its StatefulSet. Members count from one;
 * the volume of one that was by itself has another name. Of two groups the one asked for is taken up.
 */
function byVolumes(cluster: PrismCluster, cache: Cache): Made {
  const all = cache
    .list(PersistentVolumeClaim, { namespace: namespaceOf(cluster) })
    .filter((each) => stays(each, cluster));
  const claims = adminClaimsAmong(
    cluster,
    all.map(({ metadata: { name } }) => name),
  );
  const adminEpoch = Math.max(0, ...claims.map(({ epoch }) => epoch));
  const last = claims.filter(({ epoch }) => epoch === adminEpoch);
  const members = last.flatMap(({ member }) => member ?? []);
  const hasSingle = last.length > members.length;
  if (hasSingle && (members.length === 0 || cluster.spec.admin.replicas === 1)) return { bootstrapped: 1, adminEpoch };
  return { bootstrapped: members.length === 0 ? 0 : groupOf(Math.max(...members)), adminEpoch };
}

/** It is not being deleted, nor belongs to anything but this cluster, which would be gone or somebody else's. */
function stays({ metadata }: PersistentVolumeClaim, { metadata: { uid } }: PrismCluster): boolean {
  const { deletionTimestamp, ownerReferences = [] } = metadata;
  return deletionTimestamp === undefined && ownerReferences.every((owner) => owner.uid === uid);
}
