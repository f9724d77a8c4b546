import type { StreamBusCluster } from '@capstan/streambus-operator';

/**
 * How far a cluster is.
 *
 * `Unready`: every broker runs, and the cluster still says that it is not Ready, because the security that was asked for
 * is more than today's broker can enforce. Waiting longer changes nothing.
 */
export type Verdict =
  | { readonly kind: 'Ready' }
  | { readonly kind: 'Unready'; readonly why: string }
  | { readonly kind: 'Waiting'; readonly why: string };

/** Judges a cluster by its own status alone. A status that was not made from the latest spec says nothing. */
export function verdictOf({ metadata, spec, status }: StreamBusCluster): Verdict {
  if (status?.conditions === undefined) return waiting('the operator has not reported on it yet');
  if (status.observedGeneration !== metadata.generation)
    return waiting('the operator has not looked at its latest spec yet');
  const ready = status.conditions.find(({ type }) => type === 'Ready');
  if (ready?.status === 'True') return { kind: 'Ready' };
  const security = status.conditions.find(({ type }) => type === 'SecurityEnforced');
  const isHeldBySecurity =
    security?.status === 'False' && ready?.status === 'False' && ready.reason === security.reason;
  if (isHeldBySecurity && status.readyReplicas === spec.replicas) {
    return { kind: 'Unready', why: `SecurityEnforced=False, ${security.reason}: ${security.message}` };
  }
  return waiting(
    ready === undefined ? 'it has no Ready condition' : `Ready=${ready.status}, ${ready.reason}: ${ready.message}`,
  );
}

function waiting(why: string): Verdict {
  return { kind: 'Waiting', why };
}
