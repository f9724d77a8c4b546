import { type Outcome, seconds } from '@capstan/runtime';
import type { PrismClusterStatus } from '../api/v1alpha1/prism-cluster.ts';

/** A pod that is late becomes a stuck one without any event. */
const late = seconds(15);

/** What the status says of a step of bootstrapping anew was written by the very pass, so no event of it starts the next. */
const soon = seconds(1);

/**
 * When a cluster is to be looked at again without any event; empty when it need not be. Pure.
 * @param children what came of them: one that is held may have got what it waits for in this very pass, whose own writes are no events
 */
export function recheckAfter(
  status: PrismClusterStatus,
  children: Outcome['children'] = [],
): { readonly recheckAfterMs?: number } {
  const { adminStatus, proxyStatus, patternStatus = [], backendStatus = [], adminRebootstrap } = status;
  if (adminRebootstrap !== undefined && adminRebootstrap.step !== 'Replaying') return { recheckAfterMs: soon };
  const all = [adminStatus, proxyStatus, ...patternStatus, ...backendStatus];
  const isLate = all.some((component) => component?.ready === false);
  return isLate || children.some(({ action }) => action === 'Held') ? { recheckAfterMs: late } : {};
}
