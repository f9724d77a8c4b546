import { randomBytes } from 'node:crypto';
import {
  type Clock,
  ConfigMap,
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  NetworkPolicy,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  Secret,
  Service,
  StatefulSet,
  systemClock,
} from '@capstan/kube';
import { Certificate, GRPCRoute, PrometheusRule, ServiceMonitor } from '@capstan/resources';
import {
  autoscalerCalls,
  type CallRule,
  type Controller,
  controller,
  growClaimsCalls,
  mapped,
  optional,
  owned,
  ownedWithStatus,
  referenced,
} from '@capstan/runtime';
import { type AdminMetrics, adminMetrics } from './admin/admin-metrics.ts';
import { LeadershipWatch } from './admin/leadership-watch.ts';
import { PrismCluster } from './api/v1alpha1/prism-cluster.ts';
import { PrismPattern } from './api/v1beta1/prism-pattern.ts';
import { dataFinalizer } from './deletion/finalize-data.ts';
import { Figures } from './figures.ts';
import { clusterOfPod, leanPod, prismPodSelector } from './pods/watched-pods.ts';
import { clustersOfPattern, leanPattern } from './prism-pattern/watched-patterns.ts';
import { clusterOfNamespace, DescribedNamespace, leanNamespace } from './rebootstrap/replayed-namespaces.ts';
import { clusterReconciler, type ReconcilerOptions } from './reconciler.ts';
import { secretsNamedBy } from './secrets/named-secrets.ts';
import { SecretContents } from './secrets/secret-contents.ts';

export interface PrismControllerOptions extends Partial<Omit<ReconcilerOptions, 'outside'>> {
  /** Clusters worked on at the same time; the runtime's default unless told. */
  readonly concurrency?: number;
  /** Asks members of prism-admin who leads; over HTTP unless told. */
  readonly adminMetrics?: AdminMetrics;
  /** Time between questions to prism-admin; the system's unless told. */
  readonly clock?: Clock;
}

/** What is asked of the API server besides what is owned and watched. */
const calls: readonly CallRule[] = [
  ...growClaimsCalls,
  ...autoscalerCalls,
  // Of a prism-admin that is to be bootstrapped anew nothing may be left that could start a member.
  { apiGroups: ['apps'], resources: ['replicasets'], verbs: ['list'] },
  // Its former volumes have no owner, and go when a cluster goes with its data.
  { apiGroups: [''], resources: ['persistentvolumeclaims'], verbs: ['delete'] },
];

/** The controller of Prism clusters. Read back are workloads, the autoscaler, the edge, and the pods, of which little is kept. */
export function prismController(options: PrismControllerOptions = {}): Controller {
  const { concurrency, operatorNamespace, clock = systemClock, figures = new Figures() } = options;
  const leaders = new LeadershipWatch(options.adminMetrics ?? adminMetrics(), clock);
  return controller(PrismCluster, {
    name: 'prism-operator',
    owns: [
      ...[ConfigMap, Secret, Service, PersistentVolumeClaim, PodDisruptionBudget, NetworkPolicy].map(owned),
      ...[StatefulSet, Deployment, HorizontalPodAutoscaler, Ingress].map(ownedWithStatus),
      ...[ServiceMonitor, PrometheusRule].map((kind) => optional(owned(kind))),
      ...[GRPCRoute, Certificate].map((kind) => optional(ownedWithStatus(kind))),
    ],
    watches: [
      referenced(Secret, secretsNamedBy),
      mapped(Pod, clusterOfPod, { mode: 'full', labelSelector: prismPodSelector, keep: leanPod }),
      optional(mapped(PrismPattern, clustersOfPattern, { mode: 'full', keep: leanPattern })),
      optional(mapped(DescribedNamespace, clusterOfNamespace, { mode: 'full', keep: leanNamespace })),
    ],
    sources: [leaders],
    finalize: dataFinalizer,
    calls,
    reconcile: clusterReconciler({
      outside: { leaders, contents: new SecretContents(), random: randomBytes },
      figures,
      ...(operatorNamespace !== undefined && { operatorNamespace }),
    }),
    ...(concurrency !== undefined && { concurrency }),
  });
}

/** The controller of Prism clusters, as it is unless told otherwise. */
export const prismClusters: Controller = prismController();
