import type { Lease } from '@capstan/kube';
import { isOurs } from './former-operator.ts';
import type { Installation } from './installation.ts';
import type { Survey } from './survey.ts';

/** A holder that has not renewed for so much longer than it may has ended. */
const graceMs = 60_000;

/** Whether somebody holds a Lease, as far as the clocks of this machine and of the holder agree. */
export function isHeld({ spec }: Lease, now: number): boolean {
  const renewed = Date.parse(spec?.renewTime ?? '');
  const durationMs = (spec?.leaseDurationSeconds ?? 15) * 1_000;
  return (spec?.holderIdentity ?? '') !== '' && now - renewed < durationMs + graceMs;
}

/**
 * Whether an operator of ours is known to be gone: nobody holds its Lease, and no Deployment of it has a pod that is ready. What
 * could not be read is not known.
 */
export function isAway(
  { operator }: Pick<Installation, 'operator'>,
  { leases, deployments, now }: Pick<Survey, 'leases' | 'deployments' | 'now'>,
): boolean {
  if (!leases.seen || !deployments.seen) return false;
  const held = leases.value.some((lease) => lease.metadata.name === operator && isHeld(lease, now));
  const runs = deployments.value.items.some(
    (deployment) => isOurs(deployment, operator) && (deployment.status?.readyReplicas ?? 0) > 0,
  );
  return !held && !runs;
}
