import type { StatefulSet } from '@capstan/kube';
import { claimTemplate, statefulSet } from '@capstan/resources';
import { type Child, child } from '@capstan/runtime';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import type { Shape } from '../shape.ts';
import { type BrokerPodOptions, brokerPod } from './broker-pod.ts';
import { dataClaim, raftClaim } from './claims.ts';
import { childMetadata, selectorLabels } from './labels.ts';
import { namesOf } from './names.ts';

export interface BrokerSetOptions extends BrokerPodOptions {
  /** The StatefulSet there is was made by the original operator: its selector can only be changed by making it anew. */
  readonly isOriginals?: boolean;
}

/** The brokers, with a data volume and a raft volume each. */
export function brokerStatefulSet(cluster: StreamBusCluster, shape: Shape, options: BrokerSetOptions): Child {
  const { statefulSet: name, headlessService } = namesOf(cluster);
  const { class: storageClassName, size, raftSize, deletionPolicy } = cluster.spec.storage;
  const set = statefulSet(childMetadata(cluster, name), {
    serviceName: headlessService,
    replicas: shape.replicas,
    // A broker is ready only once a quorum has elected a leader: brokers started one after the other would wait for ever.
    podManagementPolicy: 'Parallel',
    // The operator orders the roll: it knows who leads, and Kubernetes does not.
    updateStrategy: { type: 'OnDelete' },
    // Messages are on no other broker: a volume that goes takes its messages along.
    persistentVolumeClaimRetentionPolicy: { whenDeleted: deletionPolicy, whenScaled: 'Retain' },
    selector: selectorLabels(cluster),
    pod: brokerPod(cluster, shape, options),
    volumeClaimTemplates: [
      claimTemplate({ name: dataClaim, storageClassName, storage: size }),
      claimTemplate({ name: raftClaim, storageClassName, storage: raftSize }),
    ],
  });
  return child(set, {
    // Pods of the original bear other labels, so a new StatefulSet could not take them over; they have never run either.
    onImmutable: options.isOriginals === true ? 'recreate' : 'orphanAndRecreate',
    growClaims: true,
    // Members of raft: another number costs the quorum, or makes a second cluster.
    replicas: 'Ours',
    restartsPods: 'one at a time, the raft leader last',
  });
}

/** Whether a StatefulSet was made by the original StreamBus operator, whose selector had another name. */
export function isOriginals({ spec }: StatefulSet): boolean {
  return spec?.selector.matchLabels?.['app.kubernetes.io/name'] === 'streambus';
}
