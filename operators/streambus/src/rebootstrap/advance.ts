import type { StreamBusCluster, StreamBusClusterStatus } from '../api/v1alpha1/stream-bus-cluster.ts';
import { sizeOptedFor } from './opt-in.ts';

/** A cluster on its way to another number of brokers, as its status has it. */
export type ReBootstrap = NonNullable<StreamBusClusterStatus['reBootstrap']>;

/** What is there of the cluster now, asked of the API server and not of a cache. */
export interface Remains {
  /** The StatefulSet asks for no broker, its controller has seen that, and there is no pod. */
  readonly isStopped: boolean;
  readonly raftClaims: number;
  /** Every broker serves, and one of them leads. */
  readonly isServing: boolean;
}

/** The part of the status that remembers where a cluster stands. */
export type Progress = Pick<StreamBusClusterStatus, 'bootstrapReplicas' | 'reBootstrap'>;

/** Whether a cluster whose spec names another size is to be bootstrapped anew, because the user has agreed to just that. */
export function begins(cluster: StreamBusCluster): boolean {
  const { spec, status } = cluster;
  // Brokers that cannot start with the new size are not waited for: another one may be opted for.
  const isFree = status?.reBootstrap === undefined || status.reBootstrap.step === 'Starting';
  return isFree && spec.raft.membership === 'Fixed' && sizeOptedFor(cluster) === spec.replicas;
}

/** The first step. It is in the status before anything is done about it, so that whoever comes after a crash knows. */
export function begin({ spec, status }: StreamBusCluster, now: string): Progress {
  const from = status?.bootstrapReplicas ?? spec.replicas;
  return { bootstrapReplicas: from, reBootstrap: { from, to: spec.replicas, step: 'Stopping', startedAt: now } };
}

/**
 * The step that a cluster is at after a pass. Each is left only when what it is for is known to be done, and entered in the status
 * before its work begins: after a crash at any point the same step is found and goes on. Raft volumes are deleted while no
 * broker can run and before the step that starts brokers is entered, so never those of the new cluster. Pure.
 */
export function advance(cluster: StreamBusCluster, before: ReBootstrap, remains: Remains): Progress {
  const { replicas: wanted } = cluster.spec;
  const { from, step } = before;
  const { isStopped } = remains;
  switch (step) {
    case 'Stopping':
      // Nothing is lost yet: whoever sets the size back gets the cluster back as it was.
      if (wanted === from) return { bootstrapReplicas: from };
      return {
        bootstrapReplicas: from,
        reBootstrap: { ...before, to: wanted, step: isStopped ? 'RemovingRaft' : step },
      };
    case 'RemovingRaft': {
      const isEmpty = isStopped && remains.raftClaims === 0;
      if (!isEmpty) return { bootstrapReplicas: from, reBootstrap: { ...before, to: wanted } };
      return { bootstrapReplicas: wanted, reBootstrap: { ...before, to: wanted, step: 'Starting' } };
    }
    case 'Starting':
      return { bootstrapReplicas: before.to, ...(!remains.isServing && { reBootstrap: before }) };
  }
}

/** What a cluster does at this step, for its conditions and events. */
export function stepText({ from, to, step }: ReBootstrap): string {
  const what = `Bootstrapping anew from ${from} to ${to} brokers`;
  switch (step) {
    case 'Stopping':
      return `${what}: the brokers stop. Set spec.replicas back to ${from} to go back.`;
    case 'RemovingRaft':
      return `${what}: the raft volumes are removed; volumes with messages stay.`;
    case 'Starting':
      return `${what}: the brokers start.`;
  }
}
