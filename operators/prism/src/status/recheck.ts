import { seconds } from '@capstan/runtime';
import type { PrismClusterStatus } from '../api/v1alpha1/prism-cluster.ts';

/** A pod that is late becomes a stuck one without any event. */
const late = seconds(15);

/** When a cluster is to be looked at again without any event; empty when it need not be. Pure. */
export function recheckAfter(status: PrismClusterStatus): { readonly recheckAfterMs?: number } {
  const { adminStatus, proxyStatus, patternStatus = [], backendStatus = [] } = status;
  const all = [adminStatus, proxyStatus, ...patternStatus, ...backendStatus];
  return all.some((component) => component?.ready === false) ? { recheckAfterMs: late } : {};
}
