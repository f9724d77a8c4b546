import type { Draft, HorizontalPodAutoscaler, PodDisruptionBudget, Service } from '@capstan/kube';
import { deployment, horizontalPodAutoscaler, podDisruptionBudget, service } from '@capstan/resources';
import { type Child, child, type StepObject } from '@capstan/runtime';
import { autoscaledAnnotation } from '../annotations.ts';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { childMetadata, selectorLabels } from '../labels.ts';
import { namesOf, ownName } from '../names.ts';
import { componentPod } from '../profiles/component-pod.ts';
import { profileOf } from '../profiles/profiles.ts';

/** The requirement's name of the data plane. */
const proxyComponent = 'prism-proxy';

/** The data plane: the proxies, the address that clients have, the autoscaler if there is to be one, and a budget for drains. */
export function proxyChildren(cluster: PrismCluster): readonly StepObject[] {
  const autoscaler = proxyAutoscaler(cluster);
  return [
    proxyService(cluster),
    proxyDisruptionBudget(cluster),
    proxyDeployment(cluster),
    ...(autoscaler === undefined ? [] : [autoscaler]),
  ];
}

function proxyMetadata(cluster: PrismCluster, name: string) {
  return childMetadata(cluster, name, proxyComponent, 'proxy');
}

/** Says which profile the cluster was last made after. */
export const profileAnnotation = 'prism.io/profile';

function proxyDeployment(cluster: PrismCluster): Child {
  const { proxy, profile } = cluster.spec;
  const isAutoscaled = proxy.autoscaling?.enabled === true;
  const annotations = { [profileAnnotation]: profile, ...(isAutoscaled && { [autoscaledAnnotation]: 'true' }) };
  const body = deployment(
    { ...proxyMetadata(cluster, namesOf(cluster).proxy), annotations },
    {
      replicas: startingReplicas(proxy),
      selector: selectorLabels(cluster, proxyComponent),
      pod: componentPod(cluster, {
        component: proxyComponent,
        profile: profileOf(cluster).proxy,
        overrides: proxy,
      }),
    },
  );
  // The number that an autoscaler set last would outlive it, whatever the spec says from then on.
  return child(body, { replicas: isAutoscaled ? 'OursOrAutoscaler' : 'Ours' });
}

/**
 * The number to start with, within the autoscaler's bounds where there is one. The runtime leaves the number alone once an
 * autoscaler has set it. A body without one would make a running Deployment fall to a single proxy when autoscaling is
 * switched on: Kubernetes takes a number that nobody holds any more for 1.
 */
function startingReplicas({ replicas, autoscaling }: PrismCluster['spec']['proxy']): number {
  if (autoscaling?.enabled !== true) return replicas;
  return Math.min(Math.max(replicas, autoscaling.minReplicas), autoscaling.maxReplicas);
}

/** Percent of the requested CPU that is aimed at where nothing else is. */
const defaultTargetCpu = 80;

function proxyAutoscaler(cluster: PrismCluster): Draft<HorizontalPodAutoscaler> | undefined {
  const { autoscaling } = cluster.spec.proxy;
  if (autoscaling?.enabled !== true) return undefined;
  const { minReplicas, maxReplicas, targetMemory } = autoscaling;
  const targetCpu = autoscaling.targetCPU ?? (targetMemory === undefined ? defaultTargetCpu : undefined);
  return horizontalPodAutoscaler(proxyMetadata(cluster, namesOf(cluster).proxyAutoscaler), {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: namesOf(cluster).proxy },
    minReplicas,
    maxReplicas,
    ...(targetCpu !== undefined && { cpuUtilization: targetCpu }),
    ...(targetMemory !== undefined && { memoryUtilization: targetMemory }),
  });
}

function proxyService(cluster: PrismCluster): Draft<Service> {
  const { name, servicePort, appProtocol } = profileOf(cluster).proxy.serves;
  return service(proxyMetadata(cluster, namesOf(cluster).proxyService), {
    selector: selectorLabels(cluster, proxyComponent),
    ports: [{ name, port: servicePort, targetPort: name, ...(appProtocol !== undefined && { appProtocol }) }],
  });
}

/** A drain takes one proxy at a time; a single one is taken too, or its node could never be drained. */
function proxyDisruptionBudget(cluster: PrismCluster): Draft<PodDisruptionBudget> {
  return podDisruptionBudget(proxyMetadata(cluster, ownName(cluster, proxyComponent)), {
    selector: selectorLabels(cluster, proxyComponent),
    maxUnavailable: 1,
  });
}
