import type { HorizontalPodAutoscaler } from '@capstan/kube';
import type { ScaledObject } from '@capstan/resources';
import type { Scaler } from './scaler.ts';

/** What there is of autoscalers of a pattern. */
export interface PresentScalers {
  readonly hpa: HorizontalPodAutoscaler | undefined;
  readonly scaledObject: ScaledObject | undefined;
}

/** What is to be done about the autoscaler of a pattern in this pass. */
export type Stage =
  /** What there is is as it should be, or may be made so where it is. */
  | { readonly kind: 'Keep'; readonly scaler: Scaler }
  /** There is none; one may be made once nobody else scales the workload. */
  | { readonly kind: 'Make'; readonly scaler: Exclude<Scaler, 'none'> }
  /** There is another one than is wanted: it goes first. Two at once would fight over the number of pods. */
  | { readonly kind: 'Remove'; readonly scaler: Exclude<Scaler, 'none'>; readonly wanted: Scaler };

/** Decides it, from what is there now and nothing else, so that a switch goes on after the operator was started anew. Pure. */
export function stageOf(wanted: Scaler, { hpa, scaledObject }: PresentScalers): Stage {
  const present: readonly Exclude<Scaler, 'none'>[] = [
    ...(hpa === undefined ? [] : ['hpa' as const]),
    ...(scaledObject === undefined ? [] : ['keda' as const]),
  ];
  const other = present.find((each) => each !== wanted);
  if (other !== undefined) return { kind: 'Remove', scaler: other, wanted };
  if (wanted === 'none') return { kind: 'Keep', scaler: 'none' };
  const own = wanted === 'hpa' ? hpa : scaledObject;
  // One that is going is not the one that is wanted: the next has the same name, and comes when it is gone.
  if (own?.metadata.deletionTimestamp !== undefined) return { kind: 'Remove', scaler: wanted, wanted };
  return own === undefined ? { kind: 'Make', scaler: wanted } : { kind: 'Keep', scaler: wanted };
}

/** The autoscaler that there is; of several the one that is to go. */
export function presentScaler({ hpa, scaledObject }: PresentScalers): Scaler {
  if (scaledObject !== undefined) return 'keda';
  return hpa === undefined ? 'none' : 'hpa';
}
