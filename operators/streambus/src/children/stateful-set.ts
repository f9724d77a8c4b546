import type { Draft, StatefulSet } from '@capstan/kube';
import { claimTemplate, statefulSet } from '@capstan/resources';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import { type BrokerPodOptions, brokerPod } from './broker-pod.ts';
import { childMetadata, selectorLabels } from './labels.ts';
import { namesOf } from './names.ts';

/** The names of the claim templates; a pod's claims are `data-<pod>` and `raft-data-<pod>`. */
export const dataClaim = 'data';
export const raftClaim = 'raft-data';

/** The brokers, with a data volume and a raft volume each. */
export function brokerStatefulSet(cluster: StreamBusCluster, options: BrokerPodOptions): Draft<StatefulSet> {
  const { statefulSet: name, headlessService } = namesOf(cluster);
  const { class: storageClassName, size, raftSize } = cluster.spec.storage;
  return statefulSet(childMetadata(cluster, name), {
    serviceName: headlessService,
    replicas: cluster.spec.replicas,
    // A broker is ready only once a quorum has elected a leader: brokers started one after the other would wait for ever.
    podManagementPolicy: 'Parallel',
    updateStrategy: { type: 'RollingUpdate' },
    // Messages are on no other broker: a volume that goes takes its messages along.
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    selector: selectorLabels(cluster),
    pod: brokerPod(cluster, options),
    volumeClaimTemplates: [
      claimTemplate({ name: dataClaim, storageClassName, storage: size }),
      claimTemplate({ name: raftClaim, storageClassName, storage: raftSize }),
    ],
  });
}
