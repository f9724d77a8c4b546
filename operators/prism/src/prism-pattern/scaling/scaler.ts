import type { PrismPatternSpec } from '../../api/v1beta1/prism-pattern.ts';

/** Who decides how many pods there are: the spec, a HorizontalPodAutoscaler, or KEDA. */
export type Scaler = 'none' | 'hpa' | 'keda';

/** Who is to decide: whom the spec names, KEDA where it has something to ask, or nobody. */
export function wantedScaler({ autoscaling }: Pick<PrismPatternSpec, 'autoscaling'>): Scaler {
  if (autoscaling?.enabled !== true) return 'none';
  return autoscaling.scaler ?? ((autoscaling.triggers ?? []).length > 0 ? 'keda' : 'hpa');
}
