import type { StreamBusCluster, StreamBusClusterStatus } from '../api/v1alpha1/stream-bus-cluster.ts';
import type { Refusal } from '../judge/guard.ts';
import type { Findings } from './situation.ts';

/** Nothing in Kubernetes tells when an election is over. */
const electionMs = 5_000;

/** A pod that is late becomes a stuck one, or one that is locked out, without any event. */
const lateMs = 15_000;

/** Pods stop, and claims go, within seconds. */
const stepMs = 1_000;

/** A pass looks at certificates at least so often before they expire. */
const dayMs = 86_400_000;

/** Claims are not watched: whoever deletes those that a refusal names is not heard. Pure. */
export function recheckRefusal({ reason }: Refusal): { readonly recheckAfterMs?: number } {
  return reason === 'RaftVolumesRemain' ? { recheckAfterMs: lateMs } : {};
}

/** When a cluster is to be looked at again without any event; empty when it need not be. Pure. */
export function recheckAfter(
  cluster: StreamBusCluster,
  status: StreamBusClusterStatus,
  findings: Findings,
  now: string,
): { readonly recheckAfterMs?: number } {
  const waits = [stepWait(cluster, status), podWait(findings), silentApiWait(findings), expiryWait(findings, now)];
  const given = waits.filter((wait) => wait !== undefined);
  return given.length === 0 ? {} : { recheckAfterMs: Math.min(...given) };
}

/** What the status says of a step was written by this pass, so no event of it starts the next. */
function stepWait({ spec, status: before }: StreamBusCluster, after: StreamBusClusterStatus): number | undefined {
  if (after.reBootstrap?.step === 'Starting' && before?.reBootstrap?.step === 'Starting') return electionMs;
  if (before?.reBootstrap !== undefined || after.reBootstrap !== undefined) return stepMs;
  const isResizing = spec.raft?.membership === 'Dynamic' && after.bootstrapReplicas !== spec.replicas;
  return isResizing ? electionMs : undefined;
}

function podWait({ pods, decision }: Findings): number | undefined {
  const { restart } = decision ?? {};
  if (restart?.kind === 'Wait' && restart.on === 'Leader') return electionMs;
  return pods.some(({ isReady }) => !isReady) ? lateMs : undefined;
}

function silentApiWait({ tenancy, isTenantApiUnknown }: Findings): number | undefined {
  return tenancy !== undefined && isTenantApiUnknown === true ? 30_000 : undefined;
}

function expiryWait({ certificatesEnd }: Findings, now: string): number | undefined {
  if (certificatesEnd === undefined) return undefined;
  const left = certificatesEnd - Date.parse(now);
  return left <= 0 ? undefined : Math.min(left + 1_000, dayMs);
}
