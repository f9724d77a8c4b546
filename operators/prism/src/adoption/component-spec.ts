import type { PrismCluster, PrismPattern } from '../api/v1alpha1/prism-cluster.ts';
import { runnerName } from '../names.ts';
import type { ContainerOverrides } from '../profiles/component-container.ts';
import { adminProfile, profileOf, runnerProfile } from '../profiles/profiles.ts';

/** What a cluster says of the container of a component; `undefined` of one that it does not have. */
export function overridesOf(cluster: PrismCluster, component: string): ContainerOverrides | undefined {
  const { admin, proxy } = cluster.spec;
  if (component === 'prism-admin') return admin;
  return component === 'prism-proxy' ? proxy : patternOf(cluster, component);
}

/** The port that a component serves on, as the cluster or its profile says; `undefined` where neither knows of one. */
export function portOf(cluster: PrismCluster, component: string): number | undefined {
  return overridesOf(cluster, component)?.port ?? componentProfile(cluster, component)?.serves?.port;
}

function componentProfile(cluster: PrismCluster, component: string) {
  const profile = profileOf(cluster);
  const pattern = patternOf(cluster, component);
  if (component === 'prism-admin') return adminProfile(cluster, cluster.spec.admin.replicas);
  if (component === 'prism-proxy') return profile.proxy;
  return pattern && runnerProfile(pattern, profile);
}

function patternOf({ spec: { patterns } }: PrismCluster, component: string): PrismPattern | undefined {
  return patterns.find(({ name }) => runnerName(name) === component);
}
