import { claimTemplate, statefulSet } from '@capstan/resources';
import { type Child, child } from '@capstan/runtime';
import { childMetadata, selectorLabels } from '../labels.ts';
import { backendHeadless, backendName } from '../names.ts';
import { type BackendServer, dataClaim, type ServerContext } from './server.ts';
import { serverPod } from './server-pod.ts';

/** The StatefulSet of the servers of a backend, with a volume each where they keep something. */
export function serverStatefulSet(described: BackendServer, context: ServerContext): Child {
  const { cluster, backend } = context;
  const { server, replicas, firstOrdinal, data } = described;
  const { storageClassName } = backend;
  const set = statefulSet(childMetadata(cluster, backendName(cluster, server), server, 'backend'), {
    serviceName: backendHeadless(cluster, server),
    replicas,
    ...(firstOrdinal !== undefined && { ordinals: { start: firstOrdinal } }),
    // Members of a quorum are ready only together: started one after the other they would wait for ever.
    podManagementPolicy: 'Parallel',
    persistentVolumeClaimRetentionPolicy: { whenDeleted: cluster.spec.deletionPolicy, whenScaled: 'Retain' },
    selector: selectorLabels(cluster, server),
    pod: serverPod(described, context),
    ...(data !== undefined && {
      volumeClaimTemplates: [
        claimTemplate({
          ...{ name: dataClaim, storage: data.size },
          ...(storageClassName !== undefined && { storageClassName }),
        }),
      ],
    }),
  });
  // Their number is the cluster's to say: more of them would not be one store.
  return child(set, { onImmutable: 'orphanAndRecreate', growClaims: true, replicas: 'Ours' });
}
