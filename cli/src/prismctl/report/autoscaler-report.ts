import type { HorizontalPodAutoscaler } from '@capstan/kube';

/** A HorizontalPodAutoscaler. What is not known is null. */
export interface AutoscalerReport {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Pods there are. */
  readonly current: number | null;
  /** Pods it wants; null while it cannot measure. */
  readonly desired: number | null;
  /** Whether it can measure and scale. */
  readonly active: boolean;
  /** Why it cannot. */
  readonly message: string | null;
}

/** Reads an autoscaler. Pure. */
export function autoscalerReport({ metadata, spec, status }: HorizontalPodAutoscaler): AutoscalerReport {
  const conditions = status?.conditions ?? [];
  const inactive = conditions.find(
    ({ type, status: is }) => ['AbleToScale', 'ScalingActive'].includes(type) && is === 'False',
  );
  // Before its controller has looked at it, the numbers of its status are zeros.
  const hasLooked = conditions.length > 0;
  const active = hasLooked && inactive === undefined;
  return {
    name: metadata.name,
    min: spec?.minReplicas ?? 1,
    max: spec?.maxReplicas ?? 1,
    current: hasLooked ? (status?.currentReplicas ?? 0) : null,
    desired: active ? (status?.desiredReplicas ?? null) : null,
    active,
    message: hasLooked ? (inactive?.message ?? inactive?.reason ?? null) : 'nothing has been measured yet',
  };
}
