import type { Outcome } from '@capstan/runtime';
import type { StreamBusCluster } from './api/v1alpha1/stream-bus-cluster.ts';
import type { Refusal } from './judge/guard.ts';
import type { Observed } from './observe.ts';
import type { Progress } from './rebootstrap/advance.ts';
import type { Decision } from './rollout/rollout.ts';
import type { Findings } from './status/situation.ts';
import { tenancyReport } from './tenancy/enforcement.ts';

/** What a pass came to: a refusal, or what was applied and decided. */
export type Conclusion =
  | { readonly refusal: Refusal }
  | { readonly outcome: Outcome; readonly decision: Decision; readonly progress: Progress | undefined };

/** All that status and events are made of. Pure. */
export function findingsOf(cluster: StreamBusCluster, observed: Observed, conclusion: Conclusion): Findings {
  const { pods, leadership, secrets, tenantApi } = observed;
  const seen = { pods, leadership, secretProblems: secrets.problems };
  if ('refusal' in conclusion) {
    const { reBootstrap } = cluster.status ?? {};
    const progress = reBootstrap === undefined ? {} : { progress: { reBootstrap } };
    return { ...seen, ...progress, refusal: conclusion.refusal, children: [], failures: [], contests: [] };
  }
  const { outcome, decision, progress } = conclusion;
  const { children, failures, contests } = outcome;
  const tenancy = tenancyReport(cluster.spec, tenantApi);
  return {
    ...seen,
    ...{ children, failures, contests, decision },
    isTenantApiUnknown: tenantApi.kind === 'Unknown',
    ...(secrets.notAfter !== undefined && { certificatesEnd: secrets.notAfter }),
    ...(tenancy !== undefined && { tenancy }),
    ...(progress !== undefined && { progress }),
  };
}
