import { rolloutOf } from '@capstan/runtime';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import { type Observed, updateRevisionOf } from '../observe.ts';
import { brokersExpected } from '../shape.ts';
import type { Circumstances } from './rollout.ts';

/** What decides about the pods of a cluster after its plan was applied. Pure. */
export function circumstancesOf(cluster: StreamBusCluster, observed: Observed): Circumstances {
  const { statefulSet, pods, leadership, secrets } = observed;
  const size = brokersExpected(cluster, statefulSet?.spec?.replicas);
  const [problem] = secrets.problems;
  // Brokers that are all to stop, or are all stopped, are nobody's roll-out.
  const isStopping = ['Stopping', 'RemovingRaft'].includes(cluster.status?.reBootstrap?.step ?? '');
  return {
    size,
    pods: isStopping ? [] : pods.filter(({ ordinal }) => ordinal < size),
    updateRevision: updateRevisionOf(statefulSet),
    leadership,
    ...(problem !== undefined && { hold: problem.message }),
  };
}

/** Whether every broker that there should be serves, and one of them leads. */
export function isServing({ spec }: StreamBusCluster, { statefulSet, leadership }: Observed): boolean {
  return rolloutOf(statefulSet, { wanted: spec.replicas }).state === 'Complete' && leadership.kind === 'One';
}
