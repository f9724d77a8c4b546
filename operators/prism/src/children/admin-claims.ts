import { adoptedWorkload } from '../adoption/adopted-workload.ts';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { ownName } from '../names.ts';

/** The volume with the database and the raft log. */
export const adminClaim = 'data';

/** One claim of a prism-admin, as its name tells. */
export interface AdminClaim {
  readonly name: string;
  /** How often prism-admin had been bootstrapped anew when it was made. */
  readonly epoch: number;
  /** The number of the member that it is of; absent for one that was by itself. */
  readonly member?: number;
}

/**
 * The name of the claim template of several prism-admin. Each bootstrap has volumes of its own: a member that finds the
 * log of a former group believes it rather than its configuration. `epoch` counts them.
 */
export function adminClaimTemplate(epoch: number): string {
  return epoch === 0 ? adminClaim : `${adminClaim}-${epoch}`;
}

/** The name of the claim of a single prism-admin: one that is taken over with it, or its own. */
export function singleAdminClaim(cluster: PrismCluster, epoch: number): string {
  return (
    adoptedWorkload(cluster, 'prism-admin')?.claim ?? `${ownName(cluster, 'prism-admin')}-${adminClaimTemplate(epoch)}`
  );
}

/** What is written behind a name; more digits than anybody could bootstrap are no epoch of ours. */
const epochText = '[1-9]\\d{0,5}';

/**
 * Those of the names that are of claims that this cluster's prism-admin was given, of whatever epoch; it never had more than five
 * members. One that is taken over is nobody's to count, or to delete.
 */
export function adminClaimsAmong(cluster: PrismCluster, names: readonly string[]): readonly AdminClaim[] {
  const admin = ownName(cluster, 'prism-admin');
  const single = new RegExp(`^${admin}-${adminClaim}(?:-(${epochText}))?$`);
  const ofMember = new RegExp(`^${adminClaim}(?:-(${epochText}))?-${admin}-([1-5])$`);
  return names.flatMap((name): readonly AdminClaim[] => {
    const [whole, epoch = 0, member] = single.exec(name) ?? ofMember.exec(name) ?? [];
    if (whole === undefined) return [];
    return [{ name, epoch: Number(epoch), ...(member !== undefined && { member: Number(member) }) }];
  });
}

/** The epoch that a claim template, or the claim of a single prism-admin, is of. */
export function epochOfClaim(name: string): number {
  return Number(new RegExp(`-(${epochText})$`).exec(name)?.[1] ?? 0);
}
