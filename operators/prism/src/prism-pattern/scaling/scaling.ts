import type { KubeObject } from '@capstan/kube';
import type { Pass, Plan } from '@capstan/runtime';
import type { Autoscaling, PrismPattern } from '../../api/v1beta1/prism-pattern.ts';
import { horizontalAutoscaler } from './horizontal-autoscaler.ts';
import { type KedaObjects, kedaObjects } from './keda.ts';
import { otherScalers } from './others.ts';
import { type Scaler, wantedScaler } from './scaler.ts';
import { type PresentScalers, type Stage, stageOf } from './stage.ts';
import { type Target, workloadOf } from './target.ts';

/** How far the autoscaler of a pattern is, for the status. */
export type ScalingState =
  | { readonly kind: 'None' }
  | { readonly kind: 'InPlace'; readonly scaler: Exclude<Scaler, 'none'> }
  | { readonly kind: 'Switching'; readonly from: Exclude<Scaler, 'none'>; readonly to: Scaler }
  | { readonly kind: 'Foreign'; readonly names: readonly string[] }
  | { readonly kind: 'KedaNotInstalled'; readonly keeps: Scaler }
  /** Nothing is changed until it is complete. */
  | { readonly kind: 'Incomplete'; readonly missing: readonly string[] }
  | { readonly kind: 'WaitingForWorkload' };

/** What one pass does about the autoscaler. */
export interface Scaling {
  readonly plan: Plan;
  readonly state: ScalingState;
}

export interface Scaled extends Target {
  readonly present: PresentScalers;
  /** Whether what is to be scaled is there. */
  readonly hasWorkload: boolean;
}

/** Plans the autoscaler of a pattern: never two at once, the next one only when the former is gone. */
export async function scalingOf(scaled: Scaled, pass: Pick<Pass<PrismPattern>, 'list'>): Promise<Scaling> {
  const { spec } = scaled.pattern;
  const stage = stageOf(wantedScaler(spec), scaled.present);
  switch (stage.kind) {
    case 'Keep':
      return stage.scaler === 'none' ? nothing({ kind: 'None' }) : wanted(scaled, stage.scaler);
    case 'Make':
      return making(scaled, stage, pass);
    case 'Remove':
      return removing(scaled, stage, pass);
  }
}

function nothing(state: ScalingState): Scaling {
  return { plan: { steps: [] }, state };
}

/** Everything stays as it is. */
function untouched(state: ScalingState): Scaling {
  return { plan: { steps: [], retained: () => true }, state };
}

async function making(
  scaled: Scaled,
  { scaler }: Extract<Stage, { kind: 'Make' }>,
  pass: Pick<Pass<PrismPattern>, 'list'>,
): Promise<Scaling> {
  if (!scaled.hasWorkload) return nothing({ kind: 'WaitingForWorkload' });
  const { names, isKedaServed } = await otherScalers(pass, scaled.pattern, { workload: workloadOf(scaled), scaler });
  if (names.length > 0) return nothing({ kind: 'Foreign', names });
  return scaler === 'keda' && !isKedaServed ? withoutKeda(scaled, 'none') : wanted(scaled, scaler);
}

/** The one of before goes only where the next one can come. */
async function removing(
  scaled: Scaled,
  { scaler, wanted: next }: Extract<Stage, { kind: 'Remove' }>,
  pass: Pick<Pass<PrismPattern>, 'list'>,
): Promise<Scaling> {
  if (next === 'keda' && scaler === 'hpa') {
    const { isKedaServed } = await otherScalers(pass, scaled.pattern, { workload: workloadOf(scaled), scaler });
    if (!isKedaServed) return withoutKeda(scaled, 'hpa');
    const { missing } = kedaObjects(scaled, autoscalingOf(scaled));
    if (missing.length > 0) return untouched({ kind: 'Incomplete', missing });
  }
  return nothing({ kind: 'Switching', from: scaler, to: next });
}

function autoscalingOf({ pattern }: Target): Autoscaling {
  const { autoscaling } = pattern.spec;
  if (autoscaling === undefined) throw new Error('a pattern without autoscaling has no autoscaler');
  return autoscaling;
}

function wanted(scaled: Scaled, scaler: Exclude<Scaler, 'none'>): Scaling {
  const autoscaling = autoscalingOf(scaled);
  const state = { kind: 'InPlace', scaler } as const;
  if (scaler === 'hpa') {
    const objects = [horizontalAutoscaler(scaled, autoscaling)];
    return { plan: { steps: [{ name: 'autoscaler', objects }] }, state };
  }
  const objects = kedaObjects(scaled, autoscaling);
  if (objects.missing.length > 0) return untouched({ kind: 'Incomplete', missing: objects.missing });
  return { plan: { steps: stepsOf(objects) }, state };
}

function stepsOf({ surroundings, scaledObject }: KedaObjects): Plan['steps'] {
  return [
    { name: 'surroundings', objects: surroundings },
    { name: 'autoscaler', objects: [scaledObject] },
  ];
}

/** The runtime makes it as soon as KEDA is installed; what there is stays until then. */
function withoutKeda(scaled: Scaled, keeps: Scaler): Scaling {
  const { scaledObject, missing } = kedaObjects(scaled, autoscalingOf(scaled));
  if (missing.length > 0) return untouched({ kind: 'Incomplete', missing });
  const retained = ({ kind }: KubeObject) => kind === 'HorizontalPodAutoscaler';
  return {
    plan: { steps: [{ name: 'autoscaler', objects: [scaledObject] }], retained },
    state: { kind: 'KedaNotInstalled', keeps },
  };
}
