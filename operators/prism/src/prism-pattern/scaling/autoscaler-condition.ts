import type { PatternSituation } from '../situation.ts';
import type { WantedPatternCondition } from '../wanted-condition.ts';
import type { ScalingState } from './scaling.ts';

type Told = Omit<WantedPatternCondition, 'type'>;

/** Whether the autoscaler that is asked for is there and can measure; nothing where none is asked for and none is left. */
export function autoscalerCondition(situation: PatternSituation): readonly WantedPatternCondition[] {
  const { scaling } = situation;
  if (scaling === undefined || scaling.kind === 'None') return [];
  return [{ type: 'AutoscalerReady', ...toldOf(scaling, situation) }];
}

function toldOf(state: Exclude<ScalingState, { kind: 'None' }>, situation: PatternSituation): Told {
  switch (state.kind) {
    case 'InPlace':
      return state.scaler === 'hpa' ? autoscalerTold(situation) : kedaTold(situation);
    case 'Switching':
      return { status: 'False', reason: 'Switching', message: switchingText(state, situation) };
    case 'Foreign': {
      const message = `${state.names.join(' and ')} ${state.names.length === 1 ? 'scales' : 'scale'} its workload already: delete what is not this operator's, or take autoscaling out of the spec.`;
      return { status: 'False', reason: 'AutoscalerForeign', message };
    }
    case 'KedaNotInstalled': {
      const message = `KEDA is not installed, and only KEDA can do this: install it, or set scaler to hpa. ${state.keeps === 'hpa' ? 'The HorizontalPodAutoscaler of before stays until then.' : 'Nothing is scaled until then.'}`;
      return { status: 'False', reason: 'KedaNotInstalled', message };
    }
    case 'Incomplete':
      return { status: 'False', reason: 'AutoscalerRefused', message: `${state.missing.join('; ')}.` };
    case 'WaitingForWorkload':
      return { status: 'False', reason: 'WaitingForWorkload', message: 'It is made when there is something to scale.' };
  }
}

function switchingText(
  { from, to }: Extract<ScalingState, { kind: 'Switching' }>,
  { present: { hpa, scaledObject } }: PatternSituation,
): string {
  const going = from === 'hpa' ? hpa : scaledObject;
  const finalizers = going?.metadata.finalizers ?? [];
  const held = finalizers.length === 0 ? '' : ` It is held by ${finalizers.join(', ')}.`;
  const next = to === 'none' ? 'The number of the spec counts' : `The next one (${to}) is made`;
  return `${next} when the former one (${from}) is gone.${held}`;
}

function autoscalerTold({ present: { hpa }, failures }: PatternSituation): Told {
  const failed = failures.find(({ child }) => child.startsWith('HorizontalPodAutoscaler/'));
  if (failed !== undefined) return { status: 'False', reason: failed.reason, message: failed.message };
  const told = hpa?.status?.conditions?.filter(({ type }) => ['AbleToScale', 'ScalingActive'].includes(type)) ?? [];
  return verdictOf(told, 'The number of pods follows what is measured.');
}

function kedaTold({ present: { scaledObject }, failures }: PatternSituation): Told {
  const kinds = ['ScaledObject/', 'TriggerAuthentication/', 'NetworkPolicy/'];
  const failed = failures.find(({ child }) => kinds.some((kind) => child.startsWith(kind)));
  if (failed !== undefined) return { status: 'False', reason: failed.reason, message: failed.message };
  const told = scaledObject?.status?.conditions?.filter(({ type }) => type === 'Ready') ?? [];
  return verdictOf(told, 'KEDA scales it.');
}

interface Said {
  readonly status: string;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
}

/** What the autoscaler says of itself. */
function verdictOf(told: readonly Said[], well: string): Told {
  const failing = told.find(({ status }) => status === 'False');
  if (failing !== undefined) {
    const { reason, message } = failing;
    return { status: 'False', reason: reason || 'NotMeasured', message: message || 'It cannot measure.' };
  }
  const isSilent = told.length === 0 || told.some(({ status }) => status !== 'True');
  if (isSilent) return { status: 'Unknown', reason: 'Starting', message: 'It has not been at work yet.' };
  return { status: 'True', reason: 'Scaling', message: well };
}
