import { conditionOf, seconds, setConditions } from '@capstan/runtime';
import { conditionalTypes } from '../api/v1beta1/conditions.ts';
import type { PrismPattern, PrismPatternStatus } from '../api/v1beta1/prism-pattern.ts';
import type { PatternPhase } from '../api/v1beta1/status.ts';
import { patternConditions } from './conditions.ts';
import { workloadOf } from './scaling/target.ts';
import { type PatternFindings, type PatternSituation, patternSituation } from './situation.ts';

const withPods = seconds(5);

/** Status fields that follow the pods one by one: how long a change of nothing else may wait. */
export const unhurriedCounts = { replicas: withPods, readyReplicas: withPods, availableReplicas: withPods };

/**
 * The status of a pattern, from what one pass found.
 * @param now RFC 3339; becomes the time of the conditions that change
 */
export function patternStatusOf(pattern: PrismPattern, findings: PatternFindings, now: string): PrismPatternStatus {
  const situation = patternSituation(pattern, findings);
  const { cluster, counts, scaler } = situation;
  const generation = actedUpon(situation);
  const seen = generation !== undefined && { observedGeneration: generation };
  const wanted = patternConditions(situation);
  const conditions = setConditions(pattern.status?.conditions, wanted, { now, owned: conditionalTypes, ...seen });
  return {
    phase: phaseOf(conditions, situation),
    ...{ conditions, ...seen, scaler },
    ...(cluster !== undefined && { cluster: cluster.metadata.name }),
    ...(cluster !== undefined && situation.accepted !== undefined && { workload: workloadText(situation, cluster) }),
    ...(counts !== undefined && {
      ...{ replicas: counts.replicas, readyReplicas: counts.ready, availableReplicas: counts.available },
    }),
  };
}

function workloadText({ pattern }: PatternSituation, cluster: NonNullable<PatternSituation['cluster']>): string {
  const { kind, name } = workloadOf({ pattern, cluster });
  return `${kind}/${name}`;
}

/** The generation moves on when it is refused or carried out, not while it waits for the cluster or a write is tried again. */
function actedUpon({ pattern, accepted, isCarriedOut, standing, failures }: PatternSituation): number | undefined {
  const { metadata, status } = pattern;
  const isRunnable = accepted !== undefined && standing?.kind === 'Run';
  const waits = (isRunnable && !isCarriedOut) || failures.some(({ terminal }) => !terminal);
  return waits ? status?.observedGeneration : metadata.generation;
}

function phaseOf(conditions: PrismPatternStatus['conditions'], situation: PatternSituation): PatternPhase {
  const { counts, pattern } = situation;
  if (conditionOf(conditions, 'Ready')?.status === 'True') return 'Running';
  const runs = (counts?.available ?? 0) > 0;
  if (conditionOf(conditions, 'Stalled')?.status === 'True') {
    if (runs) return 'Degraded';
    return situation.cluster === undefined ? 'Pending' : 'Failed';
  }
  const before = pattern.status?.phase;
  return before === undefined || before === 'Pending' || before === 'Failed' ? 'Pending' : 'Degraded';
}
