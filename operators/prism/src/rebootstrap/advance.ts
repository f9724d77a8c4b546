import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { AdminStanding, Rebootstrap } from './admin-standing.ts';
import { membersOptedFor } from './opt-in.ts';

/** What there is of a prism-admin on its way. */
export interface Remains {
  /** Nothing of the former members runs or could be started. */
  readonly isStopped: boolean;
  /** The epoch of the latest volume that there is of prism-admin. */
  readonly latestVolume: number;
  /** All new members run, and exactly one of them leads. */
  readonly isServing: boolean;
  /** Every PrismNamespace of the cluster has been created in them. */
  readonly isReplayed: boolean;
}

/** Whether prism-admin is to be bootstrapped anew, because a person has agreed to just this change. */
export function begins(cluster: PrismCluster, { bootstrapped, rebootstrap }: AdminStanding): boolean {
  const { replicas } = cluster.spec.admin;
  // New members that never come to serve are not waited for: another number may be agreed to.
  return rebootstrap?.step !== 'Stopping' && membersOptedFor(cluster, bootstrapped) === replicas;
}

/** The first step. It is in the status before anything is done about it, so that whoever comes after a crash knows. */
export function begin({ spec }: PrismCluster, { bootstrapped, adminEpoch }: AdminStanding, now: string): AdminStanding {
  const rebootstrap = { from: bootstrapped, to: spec.admin.replicas, step: 'Stopping', since: now } as const;
  return { bootstrapped, adminEpoch, rebootstrap };
}

/** Whether the number was set back while nothing is lost yet: prism-admin comes back as it was. */
export function isSetBack({ spec }: PrismCluster, { rebootstrap }: AdminStanding): boolean {
  return rebootstrap?.step === 'Stopping' && spec.admin.replicas === rebootstrap.from;
}

/**
 * Where prism-admin stands after a pass. Each step is left only when what it is for is known to be done, and entered in the status
 * before its work begins: after a crash at any point the same step is found and goes on.
 *
 * With the step that starts members comes an epoch whose volumes nobody has ever had, in one write: before it there are the
 * former members on their volumes, after it new ones on empty volumes, and never a member on the volume of another group. Pure.
 */
export function advance(
  cluster: PrismCluster,
  before: AdminStanding & { readonly rebootstrap: Rebootstrap },
  remains: Remains,
  now: string,
): AdminStanding {
  const { to, step } = before.rebootstrap;
  const done = { ...before, rebootstrap: undefined };
  switch (step) {
    case 'Stopping':
      if (isSetBack(cluster, before)) return done;
      if (!remains.isStopped) return before;
      return {
        bootstrapped: to,
        adminEpoch: Math.max(before.adminEpoch, remains.latestVolume) + 1,
        rebootstrap: { ...before.rebootstrap, step: 'Starting', since: now },
      };
    case 'Starting':
      if (!remains.isServing) return before;
      return remains.isReplayed
        ? done
        : { ...before, rebootstrap: { ...before.rebootstrap, step: 'Replaying', since: now } };
    case 'Replaying':
      return remains.isReplayed ? done : before;
  }
}
