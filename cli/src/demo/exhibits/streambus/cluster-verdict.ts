import { conditionOf } from '@capstan/runtime';
import type { StreamBusCluster } from '@capstan/streambus-operator';
import { type Verdict, verdictOf } from '../../verdict.ts';

/** The verdict on a cluster, which runs without being Ready when the security asked for is more than a broker can enforce. */
export function clusterVerdict(cluster: StreamBusCluster): Verdict {
  return verdictOf(cluster, heldBySecurity(cluster));
}

function heldBySecurity({ spec, status }: StreamBusCluster): string | undefined {
  const ready = conditionOf(status?.conditions, 'Ready');
  const security = conditionOf(status?.conditions, 'SecurityEnforced');
  const isHeld = security?.status === 'False' && ready?.status === 'False' && ready.reason === security.reason;
  if (!isHeld || status?.readyReplicas !== spec.replicas) return undefined;
  return `SecurityEnforced=False, ${security.reason}: ${security.message}`;
}
