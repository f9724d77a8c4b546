import type { Desired, Plan, Waiting } from '@capstan/runtime';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import type { Observed } from '../observe.ts';
import { protectionOf, scrapedOf } from '../protection.ts';
import { type Shape, shapeOf } from '../shape.ts';
import { effectiveQuotas } from '../tenancy/quotas.ts';
import type { BrokerPodOptions } from './broker-pod.ts';
import { clientService } from './client-service.ts';
import { brokerConfigMap } from './config-map.ts';
import { disruptionBudget } from './disruption-budget.ts';
import { asksForFootprintQuota, footprintQuota } from './footprint-quota.ts';
import { headlessService } from './headless-service.ts';
import { brokerFence } from './network-policy.ts';
import { proxyConfigMaps } from './proxy-config-maps.ts';
import { proxyOf } from './proxy-of.ts';
import { brokerMonitor } from './service-monitor.ts';
import { brokerStatefulSet } from './stateful-set.ts';
import { tenantsConfigMap } from './tenants-config-map.ts';

export interface ChildrenOptions extends BrokerPodOptions {
  /** Where the operator runs; absent for one that runs outside the cluster. */
  readonly operatorNamespace?: string;
}

/**
 * Everything a cluster consists of.
 *
 * Before the first start, what the brokers read is there before they are. Later it changes after the StatefulSet did: a broker that
 * restarts by itself must not find the configuration of a pod that it is not. While a Secret that the brokers need cannot be used, no
 * broker is started and no change of them begins. A step that was refused holds back those after it.
 */
export function planChildren(cluster: StreamBusCluster, observed: Observed, options: ChildrenOptions): Plan {
  const serving = observed.pods.filter(({ isReady, isTerminating }) => isReady && !isTerminating).length;
  const running = observed.statefulSet?.spec?.replicas;
  const shape = shapeOf(cluster, { running, serving, leadership: observed.leadership });
  const setOptions = { ...options, isOriginals: observed.original !== undefined };
  const surroundings = {
    name: 'surroundings',
    objects: surroundingsOf(cluster, options),
    waitingFor: () => secretsMissing(observed),
  };
  const brokers = { name: 'brokers', objects: [brokerStatefulSet(cluster, shape, setOptions)] };
  const configuration = { name: 'configuration', objects: configurationOf(cluster, shape) };
  const isRunning = observed.statefulSet !== undefined;
  return { steps: isRunning ? [surroundings, brokers, configuration] : [surroundings, configuration, brokers] };
}

/** What the brokers and their proxies read. */
function configurationOf(cluster: StreamBusCluster, { members }: Shape): readonly Desired[] {
  const proxy = proxyOf(cluster);
  return [brokerConfigMap(cluster, members), ...(proxy === undefined ? [] : proxyConfigMaps(cluster, proxy))];
}

function surroundingsOf(cluster: StreamBusCluster, options: ChildrenOptions): readonly Desired[] {
  const quotas = effectiveQuotas(cluster.spec);
  const scraped = scrapedOf(cluster.spec);
  const most = Math.max(cluster.status?.largestReplicas ?? 0, cluster.spec.replicas);
  return [
    headlessService(cluster),
    clientService(cluster),
    disruptionBudget(cluster),
    ...(protectionOf(cluster.spec).isFenced ? [brokerFence(cluster, options.operatorNamespace)] : []),
    ...(quotas === undefined ? [] : [tenantsConfigMap(cluster, quotas)]),
    ...(asksForFootprintQuota(cluster) ? [footprintQuota(cluster, most)] : []),
    ...(scraped.length > 0 ? [brokerMonitor(cluster, scraped)] : []),
  ];
}

function secretsMissing({ secrets: { problems } }: Observed): Waiting | undefined {
  const [problem] = problems;
  return problem && { reason: problem.reason, message: problem.message };
}
