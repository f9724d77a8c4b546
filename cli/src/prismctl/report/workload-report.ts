import type { Deployment, HorizontalPodAutoscaler, Pod, StatefulSet } from '@capstan/kube';
import { rolloutOf } from '@capstan/runtime';
import { type AutoscalerReport, autoscalerReport } from './autoscaler-report.ts';
import { type PodReport, podReport } from './pod-report.ts';

/** A Deployment or StatefulSet with its pods. What is not known is null. */
export interface WorkloadReport {
  readonly kind: 'Deployment' | 'StatefulSet';
  readonly name: string;
  /** Pods that are wanted, and those of them that are ready. */
  readonly wanted: number;
  readonly ready: number;
  /** `Ready`, `Updating` (some pods may be as the spec was before), `Starting`, or `Stalled` (its controller gave up). */
  readonly state: 'Ready' | 'Updating' | 'Starting' | 'Stalled';
  /** What its controller waits for. */
  readonly message: string | null;
  /** RFC 3339. */
  readonly createdAt: string | null;
  readonly autoscaler: AutoscalerReport | null;
  /** By name. */
  readonly pods: readonly PodReport[];
}

/** What pods and autoscalers are chosen from. */
interface Beside {
  readonly pods: readonly Pod[];
  readonly autoscalers: readonly HorizontalPodAutoscaler[];
}

/** Reads a workload, and those of the pods and autoscalers that are its own. Pure. */
export function workloadReport(workload: Deployment | StatefulSet, { pods, autoscalers }: Beside): WorkloadReport {
  const { kind, metadata } = workload;
  const autoscaler = autoscalers.find(
    ({ spec }) => spec?.scaleTargetRef.kind === kind && spec.scaleTargetRef.name === metadata.name,
  );
  return {
    ...{ kind, name: metadata.name },
    ...progressOf(workload),
    createdAt: metadata.creationTimestamp ?? null,
    autoscaler: autoscaler === undefined ? null : autoscalerReport(autoscaler),
    pods: pods
      .filter((pod) => isPodOf(pod, workload))
      .map(podReport)
      .toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })),
  };
}

function progressOf(
  workload: Deployment | StatefulSet,
): Pick<WorkloadReport, 'wanted' | 'ready' | 'state' | 'message'> {
  const rollout = rolloutOf(workload);
  switch (rollout.state) {
    case 'Absent':
      return { wanted: 0, ready: 0, state: 'Starting', message: null };
    case 'Complete':
      return { wanted: rollout.wanted, ready: rollout.ready, state: 'Ready', message: null };
    case 'InProgress': {
      const state = rollout.isUpdating ? 'Updating' : 'Starting';
      return { wanted: rollout.wanted, ready: rollout.ready, state, message: rollout.message };
    }
    case 'Stalled':
      return { wanted: rollout.wanted, ready: rollout.ready, state: 'Stalled', message: rollout.message };
  }
}

/** Pods of a Deployment belong to one of its ReplicaSets, which is named after it and a hash. */
function isPodOf({ metadata }: Pod, { kind, metadata: { name } }: Deployment | StatefulSet): boolean {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner === undefined) return false;
  if (kind === 'StatefulSet') return owner.kind === kind && owner.name === name;
  return owner.kind === 'ReplicaSet' && deploymentOf(owner.name) === name;
}

/** The Deployment that a ReplicaSet is of, by its name. */
export function deploymentOf(replicaSet: string): string {
  return replicaSet.slice(0, Math.max(0, replicaSet.lastIndexOf('-')));
}
