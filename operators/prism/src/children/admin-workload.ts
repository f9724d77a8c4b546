import type { Draft, PersistentVolumeClaim } from '@capstan/kube';
import { claimTemplate, deployment, persistentVolumeClaim, statefulSet } from '@capstan/resources';
import { type Child, child, type StepObject } from '@capstan/runtime';
import { adoptedWorkload } from '../adoption/adopted-workload.ts';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { childMetadata, selectorLabels } from '../labels.ts';
import { namesOf } from '../names.ts';
import { adminClaim, adminClaimTemplate, singleAdminClaim } from './admin-claims.ts';
import { firstOrdinal, memberEnvironment } from './admin-members.ts';
import { adminComponent, adminPod } from './admin-pod.ts';

/** prism-admin by itself, with its volume. */
export function singleAdmin(cluster: PrismCluster, epoch: number): readonly StepObject[] {
  const { admin } = namesOf(cluster);
  const workload = deployment(childMetadata(cluster, admin, adminComponent, 'admin'), {
    replicas: 1,
    // A second one would wait for the first one's lock on the database, without a word and for ever.
    strategy: { type: 'Recreate' },
    selector: selectorLabels(cluster, adminComponent),
    pod: adminPod(cluster, {
      members: 1,
      dataVolume: adminClaim,
      volumes: [{ name: adminClaim, persistentVolumeClaim: { claimName: singleAdminClaim(cluster, epoch) } }],
    }),
  });
  return [...ownVolume(cluster, epoch), child(workload, { replicas: 'Ours' })];
}

/** A claim that was made by somebody else is never touched. */
function ownVolume(cluster: PrismCluster, epoch: number): readonly StepObject[] {
  if (adoptedWorkload(cluster, adminComponent)?.claim !== undefined) return [];
  return [child(singleAdminVolume(cluster, epoch), { retain: cluster.spec.deletionPolicy === 'Retain' })];
}

/** The volume of a single prism-admin. */
export function singleAdminVolume(cluster: PrismCluster, epoch: number): Draft<PersistentVolumeClaim> {
  const { size: storage, storageClassName } = cluster.spec.admin.storage;
  const metadata = childMetadata(cluster, singleAdminClaim(cluster, epoch), adminComponent, 'admin');
  return persistentVolumeClaim(metadata, { storage, ...(storageClassName !== undefined && { storageClassName }) });
}

/** prism-admin as a raft group, with a volume for each member. */
export function adminGroup(cluster: PrismCluster, members: number, epoch: number): Child {
  const { admin, adminPeers } = namesOf(cluster);
  const { size: storage, storageClassName } = cluster.spec.admin.storage;
  const dataVolume = adminClaimTemplate(epoch);
  const set = statefulSet(childMetadata(cluster, admin, adminComponent, 'admin'), {
    serviceName: adminPeers,
    replicas: members,
    // A member ends when it finds no leader within five seconds: one after the other they would never be two.
    podManagementPolicy: 'Parallel',
    ordinals: { start: firstOrdinal },
    persistentVolumeClaimRetentionPolicy: { whenDeleted: cluster.spec.deletionPolicy, whenScaled: 'Retain' },
    selector: selectorLabels(cluster, adminComponent),
    pod: adminPod(cluster, { members, dataVolume, env: memberEnvironment(cluster, members) }),
    volumeClaimTemplates: [
      claimTemplate({ name: dataVolume, storage, ...(storageClassName !== undefined && { storageClassName }) }),
    ],
  });
  return child(set, {
    onImmutable: 'orphanAndRecreate',
    growClaims: true,
    // Another number of members silently loses every namespace.
    replicas: 'Ours',
  });
}
