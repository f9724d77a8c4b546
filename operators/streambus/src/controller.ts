import { ConfigMap, PodDisruptionBudget, Service, StatefulSet } from '@capstan/kube';
import { type Controller, controller, owned, ownedWithStatus } from '@capstan/runtime';
import { StreamBusCluster } from './api/v1alpha1/stream-bus-cluster.ts';
import type { BrokerPodOptions } from './children/broker-pod.ts';
import { defaultLingerImage } from './children/linger-container.ts';
import { clusterReconciler } from './reconciler.ts';

export interface StreamBusControllerOptions extends Partial<BrokerPodOptions> {
  /** Clusters worked on at the same time; the runtime's default unless told. */
  readonly concurrency?: number;
}

/** The controller of StreamBus clusters. Only the StatefulSet is read back: its status tells how the brokers are. */
export function streamBusController(options: StreamBusControllerOptions = {}): Controller {
  const { lingerImage = defaultLingerImage, concurrency } = options;
  return controller(StreamBusCluster, {
    name: 'streambus-operator',
    owns: [owned(ConfigMap), owned(Service), owned(PodDisruptionBudget), ownedWithStatus(StatefulSet)],
    reconcile: clusterReconciler({ lingerImage }),
    ...(concurrency !== undefined && { concurrency }),
  });
}

/** The controller of StreamBus clusters, with the images and limits it has unless told otherwise. */
export const streamBusClusters: Controller = streamBusController();
