import type { HorizontalPodAutoscaler } from '@capstan/kube';
import type { Situation } from './situation.ts';
import type { WantedCondition } from './wanted-condition.ts';

/** Whether the autoscaler of the proxy can do its work, as it says itself. */
export function autoscalingConditions({ cluster, observed }: Situation): readonly WantedCondition[] {
  if (cluster.spec.proxy.autoscaling?.enabled !== true) return [];
  return [{ type: 'AutoscalingActive', ...standingOf(observed.autoscaler) }];
}

function standingOf(autoscaler: HorizontalPodAutoscaler | undefined): Omit<WantedCondition, 'type'> {
  const told = autoscaler?.status?.conditions?.filter(({ type }) => ['AbleToScale', 'ScalingActive'].includes(type));
  const failing = told?.find(({ status }) => status === 'False');
  if (failing !== undefined)
    return { status: 'False', reason: failing.reason ?? 'NotMeasured', message: failing.message ?? 'It cannot scale.' };
  if (told === undefined || told.length === 0)
    return { status: 'Unknown', reason: 'Waiting', message: 'The autoscaler has not been at work yet.' };
  return { status: 'True', reason: 'Scaling', message: 'The number of proxies follows their load.' };
}
