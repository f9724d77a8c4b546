import type { Plan } from '@capstan/runtime';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import type { BrokerPodOptions } from './broker-pod.ts';
import { clientService } from './client-service.ts';
import { brokerConfigMap } from './config-map.ts';
import { disruptionBudget } from './disruption-budget.ts';
import { headlessService } from './headless-service.ts';
import { brokerStatefulSet } from './stateful-set.ts';

/** Everything a cluster consists of. What the brokers need to start is there before they are. */
export function planChildren(cluster: StreamBusCluster, options: BrokerPodOptions): Plan {
  return {
    steps: [
      {
        name: 'foundation',
        objects: [
          brokerConfigMap(cluster),
          headlessService(cluster),
          clientService(cluster),
          disruptionBudget(cluster),
        ],
      },
      { name: 'brokers', objects: [brokerStatefulSet(cluster, options)] },
    ],
  };
}
