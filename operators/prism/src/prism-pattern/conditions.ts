import { standardConditions } from '@capstan/runtime';
import { appliedConfig, asksForConfig } from './backend-config.ts';
import { successionCondition } from './former/succession-condition.ts';
import { runnerCondition } from './runner-condition.ts';
import { autoscalerCondition } from './scaling/autoscaler-condition.ts';
import type { PatternSituation } from './situation.ts';
import { patternStanding } from './standing.ts';
import type { WantedPatternCondition } from './wanted-condition.ts';
import { withoutEffect } from './without-effect.ts';

/** Every condition that a pattern should have now. */
export function patternConditions(situation: PatternSituation): readonly WantedPatternCondition[] {
  return [
    ...(standardConditions(patternStanding(situation)) as readonly WantedPatternCondition[]), // Ready, Reconciling and Stalled are ours
    clusterFound(situation),
    ...accepted(situation),
    ...backendsAvailable(situation),
    ...autoscalerCondition(situation),
    ...runnerCondition(situation),
    ...backendConfigApplied(situation),
    ...withoutEffect(situation),
    ...successionCondition(situation),
  ];
}

function clusterFound({ observed: { finding } }: PatternSituation): WantedPatternCondition {
  const type = 'ClusterFound';
  if (finding.kind === 'NotFound') return { type, status: 'False', reason: finding.reason, message: finding.message };
  const message = `It belongs to PrismCluster ${finding.cluster.metadata.name}.`;
  return { type, status: 'True', reason: 'Found', message };
}

function accepted({ observed: { verdict } }: PatternSituation): readonly WantedPatternCondition[] {
  const type = 'Accepted';
  if (verdict === undefined) {
    const message = 'It is judged once its cluster can be read.';
    return [{ type, status: 'Unknown', reason: 'ClusterNotAccepted', message }];
  }
  if (verdict.kind === 'Refused')
    return [{ type, status: 'False', reason: verdict.reason, message: `${verdict.message}.` }];
  return [{ type, status: 'True', reason: 'SpecAccepted', message: 'The spec is valid.' }];
}

function backendsAvailable({ standing }: PatternSituation): readonly WantedPatternCondition[] {
  const type = 'BackendsAvailable';
  if (standing === undefined) return [];
  if (standing.kind === 'BackendMissing')
    return [{ type, status: 'False', reason: 'BackendMissing', message: `It is not started: ${standing.why}.` }];
  return [{ type, status: 'True', reason: 'BackendsEnabled', message: 'Its cluster has the backends that it names.' }];
}

function backendConfigApplied({ accepted, cluster }: PatternSituation): readonly WantedPatternCondition[] {
  const type = 'BackendConfigApplied';
  if (accepted === undefined || cluster === undefined || !asksForConfig(accepted.asked)) return [];
  const { unapplied } = appliedConfig(accepted.asked, cluster);
  if (unapplied.length === 0)
    return [{ type, status: 'True', reason: 'Applied', message: 'All of it is in the configuration of the runner.' }];
  return [{ type, status: 'False', reason: 'NotApplied', message: `${unapplied.join('; ')}.` }];
}
