import { claimTemplate, deployment, persistentVolumeClaim, statefulSet } from '@capstan/resources';
import { type Child, child, type StepObject } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { childMetadata, selectorLabels } from '../labels.ts';
import { namesOf } from '../names.ts';
import { firstOrdinal, memberEnvironment } from './admin-members.ts';
import { adminClaim, adminComponent, adminPod } from './admin-pod.ts';

/** prism-admin by itself, with its volume. */
export function singleAdmin(cluster: PrismCluster): readonly StepObject[] {
  const { admin } = namesOf(cluster);
  const claimName = `${admin}-data`;
  const { size: storage, storageClassName } = cluster.spec.admin.storage;
  const claim = persistentVolumeClaim(childMetadata(cluster, claimName, adminComponent, 'admin'), {
    storage,
    ...(storageClassName !== undefined && { storageClassName }),
  });
  const workload = deployment(childMetadata(cluster, admin, adminComponent, 'admin'), {
    replicas: 1,
    // A second one would wait for the first one's lock on the database, without a word and for ever.
    strategy: { type: 'Recreate' },
    selector: selectorLabels(cluster, adminComponent),
    pod: adminPod(cluster, {
      members: 1,
      volumes: [{ name: adminClaim, persistentVolumeClaim: { claimName } }],
    }),
  });
  return [child(claim, { retain: cluster.spec.deletionPolicy === 'Retain' }), child(workload, { replicas: 'Ours' })];
}

/** prism-admin as a raft group, with a volume for each member. */
export function adminGroup(cluster: PrismCluster, members: number): Child {
  const { admin, adminPeers } = namesOf(cluster);
  const { size: storage, storageClassName } = cluster.spec.admin.storage;
  const set = statefulSet(childMetadata(cluster, admin, adminComponent, 'admin'), {
    serviceName: adminPeers,
    replicas: members,
    // A member ends when it finds no leader within five seconds: one after the other they would never be two.
    podManagementPolicy: 'Parallel',
    ordinals: { start: firstOrdinal },
    persistentVolumeClaimRetentionPolicy: { whenDeleted: cluster.spec.deletionPolicy, whenScaled: 'Retain' },
    selector: selectorLabels(cluster, adminComponent),
    pod: adminPod(cluster, { members, env: memberEnvironment(cluster, members) }),
    volumeClaimTemplates: [
      claimTemplate({ name: adminClaim, storage, ...(storageClassName !== undefined && { storageClassName }) }),
    ],
  });
  return child(set, {
    onImmutable: 'orphanAndRecreate',
    growClaims: true,
    // Another number of members silently loses every namespace.
    replicas: 'Ours',
  });
}
