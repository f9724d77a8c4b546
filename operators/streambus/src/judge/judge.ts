import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import type { Guard, Judged, Refusal } from './guard.ts';
import { raftPortMustNotChange } from './raft-port-must-not-change.ts';
import { raftVolumesMustMatch } from './raft-volumes-must-match.ts';
import { replicasMustNotChange } from './replicas-must-not-change.ts';
import { specMustBeValid } from './spec-must-be-valid.ts';
import { volumesMustNotShrink } from './volumes-must-not-shrink.ts';

/** The order is the policy: the first refusal is the one the user sees. */
const guards: readonly Guard[] = [
  specMustBeValid, // everything below reads the spec and may trust its shape
  raftVolumesMustMatch, // brokers that never elect a leader
  replicasMustNotChange, // a second leader, or a quorum that never comes back
  raftPortMustNotChange, // restarted brokers and the others would not reach each other
  volumesMustNotShrink, // what is on them is nowhere else; trying would fail at every pass
];

/** The reason why this spec is not carried out, or `undefined` when it may be. */
export function judge(cluster: StreamBusCluster, observed: Judged): Refusal | undefined {
  for (const guard of guards) {
    const refusal = guard(cluster, observed);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
