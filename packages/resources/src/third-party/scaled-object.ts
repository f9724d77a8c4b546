import type { Condition, Draft, HorizontalPodAutoscalerBehavior, KubeObject, ResourceType } from '@capstan/kube';
import { child } from '../child.ts';
import { InvalidChildError } from '../invalid-child-error.ts';
import type { ChildMetadata } from '../metadata.ts';
import { dnsSubdomain } from '../names.ts';

/** What KEDA asks whether there is work. What `metadata` holds depends on the type; every value is a string. */
export interface ScaleTrigger {
  /** `kafka`, `prometheus`, `cron` ...: https://keda.sh/docs/latest/scalers/. */
  readonly type: string;
  readonly name?: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly metricType?: 'AverageValue' | 'Value' | 'Utilization';
  readonly useCachedMetrics?: boolean;
  readonly authenticationRef?: {
    readonly name: string;
    readonly kind?: 'TriggerAuthentication' | 'ClusterTriggerAuthentication';
  };
}

interface ScaledObjectSpec {
  /** A Deployment unless told; its builder is then called without `replicas`. */
  readonly scaleTargetRef: {
    readonly name: string;
    readonly apiVersion?: string;
    readonly kind?: string;
    readonly envSourceContainerName?: string;
  };
  readonly minReplicaCount?: number;
  readonly maxReplicaCount: number;
  /** How many while there is no work at all; less than `minReplicaCount`. */
  readonly idleReplicaCount?: number;
  /** Seconds. */
  readonly pollingInterval?: number;
  /** Seconds without work before it goes down to none. */
  readonly cooldownPeriod?: number;
  readonly triggers: readonly ScaleTrigger[];
  readonly fallback?: { readonly failureThreshold: number; readonly replicas: number };
  readonly advanced?: {
    readonly restoreToOriginalReplicaCount?: boolean;
    readonly horizontalPodAutoscalerConfig?: {
      readonly name?: string;
      readonly behavior?: HorizontalPodAutoscalerBehavior;
    };
  };
}

/** Scales a workload by events, where KEDA is installed. */
export interface ScaledObject extends KubeObject {
  readonly apiVersion: 'keda.sh/v1alpha1';
  readonly kind: 'ScaledObject';
  readonly spec: ScaledObjectSpec;
  readonly status?: { readonly conditions?: readonly Condition[]; readonly hpaName?: string };
}
export const ScaledObject: ResourceType<ScaledObject> = {
  group: 'keda.sh',
  version: 'v1alpha1',
  kind: 'ScaledObject',
  plural: 'scaledobjects',
  namespaced: true,
};

export type ScaledObjectOptions = ScaledObjectSpec;

/**
 * Has KEDA scale a workload. KEDA writes into `metadata.finalizers` and labels, which stay its own.
 * See https://keda.sh/docs/latest/reference/scaledobject-spec/.
 * @throws {InvalidChildError} when the bounds cannot be, or when there is no trigger
 */
export function scaledObject(metadata: ChildMetadata, spec: ScaledObjectOptions): Draft<ScaledObject> {
  const { minReplicaCount: min = 0, maxReplicaCount: max, idleReplicaCount: idle, triggers } = spec;
  const problems = [
    ...(max >= Math.max(min, 1) ? [] : [`maxReplicaCount: ${max} is less than ${Math.max(min, 1)}`]),
    ...(idle === undefined || idle < min
      ? []
      : [`idleReplicaCount: ${idle} must be less than minReplicaCount, ${min}`]),
    ...(triggers.length > 0 ? [] : ['triggers: there is none, so nothing would ever be scaled']),
  ];
  if (problems.length > 0) throw new InvalidChildError(`ScaledObject/${metadata.name}`, problems);
  return child<ScaledObject>({ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata, spec }, dnsSubdomain);
}
