import type { StreamBusCluster } from './api/v1alpha1/stream-bus-cluster.ts';
import type { Leadership } from './brokers/leadership.ts';

/** How many brokers run, and how many know each other. */
export interface Shape {
  /** Replicas of the StatefulSet. */
  readonly replicas: number;
  /** Brokers in the peer list of each broker's configuration. */
  readonly members: number;
}

/**
 * How many brokers there should be now, whatever somebody has scaled the StatefulSet to; 0 before the first start and while all are
 * to stop. Pure.
 */
export function brokersExpected({ spec, status }: StreamBusCluster, running: number | undefined): number {
  const { reBootstrap, bootstrapReplicas } = status ?? {};
  if (running === undefined || (reBootstrap !== undefined && reBootstrap.step !== 'Starting')) return 0;
  return spec.raft.membership === 'Dynamic' ? running : (bootstrapReplicas ?? running);
}

export interface ShapeSight {
  /** Replicas of the StatefulSet now; absent where there is none. */
  readonly running: number | undefined;
  /** Pods that serve. */
  readonly serving: number;
  readonly leadership: Leadership;
}

/**
 * The shape that the children get in this pass. Pure.
 *
 * It is what the spec says, but while a cluster is bootstrapped anew, and while brokers of a version that can change its
 * membership are added or removed: one at a time, each when all the others serve and one of them leads.
 */
export function shapeOf({ spec, status }: StreamBusCluster, sight: ShapeSight): Shape {
  const { reBootstrap, bootstrapReplicas = spec.replicas } = status ?? {};
  if (reBootstrap?.step === 'Stopping') return { replicas: 0, members: reBootstrap.from };
  if (reBootstrap?.step === 'RemovingRaft') return { replicas: 0, members: reBootstrap.to };
  // A new size takes effect with the step that the status has entered, never before.
  if (spec.raft.membership === 'Fixed') return { replicas: bootstrapReplicas, members: bootstrapReplicas };
  const { running } = sight;
  if (running === undefined) return { replicas: spec.replicas, members: spec.replicas };
  return { replicas: oneCloser(running, spec.replicas, sight), members: Math.max(running, spec.replicas) };
}

function oneCloser(running: number, wanted: number, { serving, leadership }: ShapeSight): number {
  const isSettled = serving === running && (running === 1 || leadership.kind === 'One');
  return running === wanted || !isSettled ? running : running + Math.sign(wanted - running);
}
