import { standardConditions } from '@capstan/runtime';
import { autoscalingConditions } from './autoscaling.ts';
import { healthConditions } from './health.ts';
import { noticeConditions } from './notices.ts';
import type { Situation } from './situation.ts';
import { standingOf } from './standing.ts';
import type { WantedCondition } from './wanted-condition.ts';

/** Every condition a cluster should have now; of a spec that cannot be read only what is known without it. */
export function conditionsOf(situation: Situation): readonly WantedCondition[] {
  const general = [...standing(situation), accepted(situation), initialized(situation)];
  if (!situation.isReadable) return general;
  return [
    ...general,
    ...healthConditions(situation),
    ...edgeConditions(situation),
    ...autoscalingConditions(situation),
    ...noticeConditions(situation),
  ];
}

function standing(situation: Situation): readonly WantedCondition[] {
  return standardConditions(standingOf(situation)) as readonly WantedCondition[]; // Ready, Reconciling and Stalled are ours
}

/** Whoever has the cluster reached from outside is no part of it, so it is Ready without. */
function edgeConditions({ observed: { edge } }: Situation): readonly WantedCondition[] {
  return edge === undefined ? [] : [{ type: 'IngressReady', ...edge }];
}

function accepted({ refusal }: Situation): WantedCondition {
  if (refusal !== undefined)
    return { type: 'Accepted', status: 'False', reason: refusal.reason, message: `${refusal.message}.` };
  return { type: 'Accepted', status: 'True', reason: 'SpecAccepted', message: 'The spec is valid.' };
}

function initialized(situation: Situation): WantedCondition {
  const type = 'Initialized';
  if (situation.initialized) {
    const message = 'Backends, prism-admin and proxies were all available together.';
    return { type, status: 'True', reason: 'AllReadyOnce', message };
  }
  const message = 'Backends, prism-admin and proxies have not all been available together yet.';
  return { type, status: 'False', reason: 'FirstStart', message };
}
