import type { StepObject } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { adminDisruptionBudget, adminPeersService, adminService } from './admin-services.ts';
import { adminGroup, singleAdmin } from './admin-workload.ts';

export interface AdminOptions {
  /** How many members the raft group was made with; 0 while there is none. */
  readonly bootstrapped: number;
}

/**
 * The control plane: one prism-admin, or a group of three or five.
 *
 * A group stays as large as it was made, whatever the spec says by now: prism-admin cannot change its members, and one that is
 * told of others than it knows loses every namespace without an error.
 */
export function adminChildren(cluster: PrismCluster, { bootstrapped }: AdminOptions): readonly StepObject[] {
  const members = bootstrapped > 0 ? bootstrapped : cluster.spec.admin.replicas;
  if (members === 1) return [adminService(cluster, members), ...singleAdmin(cluster)];
  return [
    adminPeersService(cluster, members),
    adminService(cluster, members),
    adminDisruptionBudget(cluster),
    adminGroup(cluster, members),
  ];
}
