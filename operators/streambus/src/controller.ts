import {
  type Clock,
  ConfigMap,
  NetworkPolicy,
  Pod,
  PodDisruptionBudget,
  ResourceQuota,
  Secret,
  Service,
  StatefulSet,
  systemClock,
} from '@capstan/kube';
import { ServiceMonitor } from '@capstan/resources';
import {
  type CallRule,
  type Controller,
  controller,
  growClaimsCalls,
  mapped,
  minutes,
  optional,
  owned,
  ownedWithStatus,
  referenced,
} from '@capstan/runtime';
import { StreamBusCluster } from './api/v1alpha1/stream-bus-cluster.ts';
import { brokerAdmin } from './brokers/broker-admin.ts';
import { LeadershipWatch } from './brokers/leadership-watch.ts';
import { brokerPodSelector, clusterOfPod, leanPod } from './brokers/watched-pods.ts';
import { defaultLingerImage } from './children/linger-container.ts';
import { clusterReconciler, type ReconcilerOptions } from './reconciler.ts';
import { SecretCheck, secretsNamedBy } from './secrets/secret-check.ts';
import { TenantPush } from './tenancy/tenant-push.ts';

export interface StreamBusControllerOptions extends Partial<Omit<ReconcilerOptions, 'outside'>> {
  /** Clusters worked on at the same time; the runtime's default unless told. */
  readonly concurrency?: number;
  /** An HTTP proxy that brokers are asked through, by their DNS names: for an operator outside the cluster. */
  readonly brokerProxy?: URL;
  /** Time between questions to brokers; the system's unless told. */
  readonly clock?: Clock;
}

/**
 * The image that the agent is taken from, unless told: of the release in which the agent last changed. It does not follow the
 * operator's own version, for each change of it restarts every secured broker.
 */
export const defaultAgentImage = 'capstan/streambus-operator:0.1.0';

/** What is asked of the API server besides what is owned and watched: pods are replaced, raft volumes removed. */
const calls: readonly CallRule[] = [
  ...growClaimsCalls,
  { apiGroups: [''], resources: ['pods'], verbs: ['delete'] },
  { apiGroups: [''], resources: ['persistentvolumeclaims'], verbs: ['list', 'delete'] },
];

/** The controller of StreamBus clusters. Read back are the StatefulSet's status and the pods, of which little is kept. */
export function streamBusController(options: StreamBusControllerOptions = {}): Controller {
  const { lingerImage = defaultLingerImage, agentImage = defaultAgentImage, concurrency, operatorNamespace } = options;
  const { brokerProxy, clock = systemClock, leaderReplacementIntervalMs = minutes(10) } = options;
  const admin = brokerAdmin(brokerProxy === undefined ? {} : { proxy: brokerProxy });
  const leaders = new LeadershipWatch(admin, clock);
  return controller(StreamBusCluster, {
    name: 'streambus-operator',
    owns: [
      ...[ConfigMap, Service, PodDisruptionBudget, NetworkPolicy, ResourceQuota].map(owned),
      ownedWithStatus(StatefulSet),
      optional(owned(ServiceMonitor)),
    ],
    watches: [
      referenced(Secret, secretsNamedBy),
      mapped(Pod, clusterOfPod, { mode: 'full', labelSelector: brokerPodSelector, keep: leanPod }),
    ],
    sources: [leaders],
    calls,
    formerManagers: ['manager'],
    formerFinalizers: ['streambus.io/finalizer'],
    reconcile: clusterReconciler({
      outside: { leaders, tenants: new TenantPush(admin), secrets: new SecretCheck() },
      ...{ lingerImage, agentImage, leaderReplacementIntervalMs },
      ...(operatorNamespace !== undefined && { operatorNamespace }),
    }),
    ...(concurrency !== undefined && { concurrency }),
  });
}

/** The controller of StreamBus clusters, with the images and limits it has unless told otherwise. */
export const streamBusClusters: Controller = streamBusController();
