import type {
  CrossVersionObjectReference,
  Draft,
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerBehavior,
  MetricSpec,
} from '@capstan/kube';
import { child } from './child.ts';
import { InvalidChildError } from './invalid-child-error.ts';
import type { ChildMetadata } from './metadata.ts';
import { dnsSubdomain } from './names.ts';

export interface HorizontalPodAutoscalerOptions {
  /** What is scaled; its builder is then called without `replicas`. */
  readonly scaleTargetRef: CrossVersionObjectReference;
  /** At least 1. */
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Percent of the CPU that the pods request; they must request some. */
  readonly cpuUtilization?: number;
  /** Percent of the memory that the pods request; they must request some. */
  readonly memoryUtilization?: number;
  /** Any other measure. */
  readonly metrics?: readonly MetricSpec[];
  readonly behavior?: HorizontalPodAutoscalerBehavior;
}

/**
 * Scales a workload between two numbers of pods.
 * @throws {InvalidChildError} when the bounds cannot be, or when nothing is measured
 */
export function horizontalPodAutoscaler(
  metadata: ChildMetadata,
  options: HorizontalPodAutoscalerOptions,
): Draft<HorizontalPodAutoscaler> {
  const { cpuUtilization, memoryUtilization, metrics = [], ...rest } = options;
  const measured = [...utilization('cpu', cpuUtilization), ...utilization('memory', memoryUtilization), ...metrics];
  const problems = autoscalerProblems(options, measured.length);
  if (problems.length > 0) throw new InvalidChildError(`HorizontalPodAutoscaler/${metadata.name}`, problems);
  const draft: Draft<HorizontalPodAutoscaler> = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata,
    spec: { ...rest, metrics: measured },
  };
  return child<HorizontalPodAutoscaler>(draft, dnsSubdomain);
}

function utilization(name: string, percent: number | undefined): readonly MetricSpec[] {
  if (percent === undefined) return [];
  return [{ type: 'Resource', resource: { name, target: { type: 'Utilization', averageUtilization: percent } } }];
}

function autoscalerProblems(
  { minReplicas, maxReplicas }: HorizontalPodAutoscalerOptions,
  measures: number,
): readonly string[] {
  return [
    ...(minReplicas >= 1 ? [] : [`minReplicas: ${minReplicas} is too few: at least 1`]),
    ...(maxReplicas >= minReplicas ? [] : [`maxReplicas: ${maxReplicas} is less than minReplicas, ${minReplicas}`]),
    ...(measures > 0 ? [] : ['metrics: nothing is measured: give cpuUtilization, memoryUtilization or metrics']),
  ];
}
