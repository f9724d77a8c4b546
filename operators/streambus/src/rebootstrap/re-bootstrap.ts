import type { StatefulSet } from '@capstan/kube';
import type { Pass } from '@capstan/runtime';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import { advance, begin, begins, type Progress } from './advance.ts';
import { remainsOf, removeRaftClaims } from './remains.ts';

/** What a pass has found of a cluster that may be on its way to another size. */
export interface Surroundings {
  /** As it is after the plan was applied. */
  readonly statefulSet: StatefulSet | undefined;
  /** Every broker serves, and one of them leads. */
  readonly isServing: boolean;
}

/**
 * Takes the next step of bootstrapping a cluster anew, if it is to be, and says where it stands then; `undefined` when it is not.
 * The caller puts that into the status, and looks again soon.
 */
export async function reBootstrap(
  cluster: StreamBusCluster,
  { statefulSet, isServing }: Surroundings,
  pass: Pass<StreamBusCluster>,
): Promise<Progress | undefined> {
  const before = cluster.status?.reBootstrap;
  if (begins(cluster)) return begin(cluster, pass.now);
  if (before === undefined) return undefined;
  if (before.step === 'Starting') return advance(cluster, before, { isStopped: false, raftClaims: 0, isServing });
  const remains = await remainsOf(cluster, statefulSet, pass);
  if (before.step === 'RemovingRaft' && remains.isStopped) await removeRaftClaims(cluster, pass);
  return advance(cluster, before, { ...remains, isServing });
}
