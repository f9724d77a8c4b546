import { apiVersionOf, Service } from '@capstan/kube';
import { StreamBusCluster, streamBusClusters } from '@capstan/streambus-operator';
import type { Subject } from './subject.ts';

/** StreamBus, with the smallest cluster there is: one broker, everything else by default. */
export const streamBus: Subject<StreamBusCluster> = {
  system: 'streambus',
  title: 'StreamBus',
  kind: StreamBusCluster,
  controller: streamBusClusters,
  clusters: 'clusters of one broker',
  counts: { full: 1_000, quick: 200 },
  spare: { type: Service, nameIn: (cluster) => cluster },
  draft: async () => (metadata) =>
    StreamBusCluster.withDefaults({
      apiVersion: apiVersionOf(StreamBusCluster),
      kind: StreamBusCluster.kind,
      metadata,
      spec: { replicas: 1 },
    }),
  isRunning: ({ status }) => status?.phase === 'Running',
};
