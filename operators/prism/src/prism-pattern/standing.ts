import type { Standing } from '@capstan/runtime';
import { successionOf } from './former/succession.ts';
import { successionCondition } from './former/succession-condition.ts';
import { autoscalerCondition } from './scaling/autoscaler-condition.ts';
import type { ScalingState } from './scaling/scaling.ts';
import { clusterRefusal, type PatternSituation } from './situation.ts';
import type { WantedPatternCondition } from './wanted-condition.ts';

type Explanation = Pick<Standing, 'reason' | 'message'>;

/** Where a pattern stands, in the three words kstatus tells apart. */
export function patternStanding(situation: PatternSituation): Standing {
  const blocker = blockerOf(situation);
  if (blocker !== undefined) return { is: 'Stalled', ...blocker };
  const progress = progressOf(situation);
  if (progress !== undefined) return { is: 'Reconciling', ...progress };
  return situation.counts?.wanted === 0
    ? { is: 'Ready', reason: 'ScaledToZero', message: 'It has no pods, as it should be now.' }
    : { is: 'Ready', reason: 'AllReady', message: 'All pods that are wanted are available.' };
}

/** Why only a person can get the pattern further, the first of several. */
function blockerOf(situation: PatternSituation): Explanation | undefined {
  const { finding, verdict } = situation.observed;
  if (finding.kind === 'NotFound') return { reason: finding.reason, message: finding.message };
  const refusal = clusterRefusal(situation);
  if (refusal !== undefined) {
    const message = `PrismCluster ${finding.cluster.metadata.name} is not carried out: ${refusal}`;
    return { reason: 'ClusterNotAccepted', message };
  }
  if (verdict?.kind === 'Refused') return { reason: verdict.reason, message: refusedText(verdict.message, situation) };
  return notStarted(situation) ?? terminalFailure(situation) ?? unscalable(situation) ?? outlived(situation);
}

function refusedText(message: string, { counts }: PatternSituation): string {
  return `${message}. ${counts === undefined ? 'Nothing was created.' : 'What runs of it keeps running as it is.'}`;
}

function notStarted({ standing }: PatternSituation): Explanation | undefined {
  if (standing?.kind !== 'BackendMissing' && standing?.kind !== 'Refused') return undefined;
  const reason = standing.kind === 'Refused' ? 'Unsupported' : standing.kind;
  return { reason, message: `It is not started: ${standing.why}.` };
}

function terminalFailure({ failures }: PatternSituation): Explanation | undefined {
  const failure = failures.find(({ terminal }) => terminal);
  return failure && { reason: failure.reason, message: failure.message };
}

/** Autoscalers that come when somebody has done something, and not before. */
const waitsForPerson: ReadonlySet<ScalingState['kind'] | undefined> = new Set([
  'Foreign',
  'KedaNotInstalled',
  'Incomplete',
]);

function unscalable(situation: PatternSituation): Explanation | undefined {
  if (!waitsForPerson.has(situation.scaling?.kind)) return undefined;
  return explained(autoscalerCondition(situation));
}

/** What the original operator goes on making. */
function outlived(situation: PatternSituation): Explanation | undefined {
  if (successionOf(situation).kind !== 'StillMade') return undefined;
  return explained(successionCondition(situation));
}

function progressOf(situation: PatternSituation): Explanation | undefined {
  const own = pending(situation) ?? unavailable(situation) ?? switching(situation) ?? retrying(situation);
  return own ?? explained(successionCondition(situation));
}

function pending({ counts, isCarriedOut, told }: PatternSituation): Explanation | undefined {
  if (counts === undefined)
    return { reason: 'WaitingForWorkload', message: `Its cluster has not started it yet${told ? `: ${told}` : ''}.` };
  if (isCarriedOut) return undefined;
  return { reason: 'Starting', message: 'Its cluster has not carried out this generation yet.' };
}

function unavailable({ counts, told, isUpdating }: PatternSituation): Explanation | undefined {
  if (counts === undefined) return undefined;
  const { wanted, available } = counts;
  if (available < wanted)
    return { reason: 'Unavailable', message: `${told ?? `${available} of ${wanted} available`}.` };
  return isUpdating
    ? { reason: 'RollingUpdate', message: 'It is being updated; all pods that are wanted are available.' }
    : undefined;
}

function switching({ scaling }: PatternSituation): Explanation | undefined {
  if (scaling?.kind !== 'Switching') return undefined;
  return { reason: 'Switching', message: `Its autoscaler is being changed from ${scaling.from} to ${scaling.to}.` };
}

function explained([condition]: readonly WantedPatternCondition[]): Explanation | undefined {
  return condition && { reason: condition.reason, message: condition.message };
}

function retrying({ failures: [failure] }: PatternSituation): Explanation | undefined {
  return failure && { reason: 'Retrying', message: `Trying again: ${failure.message}` };
}
