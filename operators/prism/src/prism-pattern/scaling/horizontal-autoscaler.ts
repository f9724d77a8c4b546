import type { Draft, HorizontalPodAutoscaler } from '@capstan/kube';
import { horizontalPodAutoscaler } from '@capstan/resources';
import type { Autoscaling } from '../../api/v1beta1/prism-pattern.ts';
import { scalingMetadata, type Target, workloadOf } from './target.ts';

/** Percent of the requested CPU that is aimed at where nothing else is measured. */
const defaultTargetCpu = 80;

/** The HorizontalPodAutoscaler that a pattern asks for. */
export function horizontalAutoscaler(
  target: Target,
  { minReplicas, maxReplicas, targetCPU, targetMemory, metrics = [], behavior }: Autoscaling,
): Draft<HorizontalPodAutoscaler> {
  const measuresNothing = targetMemory === undefined && metrics.length === 0;
  const cpuUtilization = targetCPU ?? (measuresNothing ? defaultTargetCpu : undefined);
  return horizontalPodAutoscaler(scalingMetadata(target), {
    scaleTargetRef: workloadOf(target),
    ...{ minReplicas, maxReplicas, metrics },
    ...(cpuUtilization !== undefined && { cpuUtilization }),
    ...(targetMemory !== undefined && { memoryUtilization: targetMemory }),
    ...(behavior !== undefined && { behavior }),
  });
}
