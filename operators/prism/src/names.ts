import { createHash } from 'node:crypto';
import { adoptedWorkload } from './adoption/adopted-workload.ts';
import type { PrismCluster } from './api/v1alpha1/prism-cluster.ts';

/** The names of what every cluster has once. */
interface ClusterNames {
  /** The workload of prism-admin. */
  readonly admin: string;
  readonly adminService: string;
  /** The headless Service by which the members of prism-admin find each other. */
  readonly adminPeers: string;
  /** The workload of prism-proxy. */
  readonly proxy: string;
  readonly proxyService: string;
  readonly proxyAutoscaler: string;
  readonly ingress: string;
  /** The ConfigMap with the addresses of the backends. */
  readonly serviceDiscovery: string;
  /** The Secret with the key that hashes of secrets are made with. */
  readonly hashKeySecret: string;
}

/** A StatefulSet puts a revision hash of 11 characters after its name into a label of at most 63. */
const longestName = 52;

/** The names of what every cluster has once, each starting with the cluster's own unless it is taken over under the name that it has. */
export function namesOf(cluster: PrismCluster): ClusterNames {
  const admin = workloadNames(cluster, 'prism-admin');
  const proxy = workloadNames(cluster, 'prism-proxy');
  const { autoscaler, ingress } = cluster.spec?.adoption ?? {}; // a cluster that is being deleted may have lost its spec
  return {
    admin: admin.workload,
    adminService: admin.service,
    adminPeers: childName(cluster, 'prism-admin-peers'),
    proxy: proxy.workload,
    proxyService: proxy.service,
    proxyAutoscaler: autoscaler ?? ownName(cluster, 'prism-proxy'),
    ingress: ingress ?? ownName(cluster, 'prism-proxy'),
    serviceDiscovery: childName(cluster, 'service-discovery'),
    hashKeySecret: childName(cluster, 'prism-hash-key'),
  };
}

/** The name of an object of the cluster: `<cluster>-<logical>`, shortened where that is too long. */
export function childName({ metadata: { name } }: PrismCluster, logical: string): string {
  return shortened(`${name}-${logical}`, longestName);
}

/**
 * The name of what the operator makes beside the workload of a component (budgets, fences, Secrets, claims), whatever that itself is
 * called: nothing under this name was made by anybody else.
 */
export function ownName(cluster: PrismCluster, component: string): string {
  const isRunner = component.endsWith(runnerName(''));
  return isRunner ? ownPatternName(cluster, component.slice(0, -runnerName('').length)) : childName(cluster, component);
}

function workloadNames(
  cluster: PrismCluster,
  component: string,
): { readonly workload: string; readonly service: string } {
  const own = ownName(cluster, component);
  const { name: workload = own, service = workload } = adoptedWorkload(cluster, component) ?? {};
  return { workload, service };
}

/** The name of the StatefulSet and the client Service of a backend, such as `redis`, or of its `zookeeper`. */
export function backendName(cluster: PrismCluster, kind: string): string {
  return childName(cluster, kind);
}

/** The name of the Service that gives every server of a backend a name of its own. */
export function backendHeadless(cluster: PrismCluster, kind: string): string {
  return `${backendName(cluster, kind)}-headless`;
}

/** The name of the Secret with the generated credentials of a backend. */
export function credentialsName(cluster: PrismCluster, kind: string): string {
  return `${backendName(cluster, kind)}-credentials`;
}

/** The name of a pattern within its cluster, as its status has it. */
export function runnerName(pattern: string): string {
  return `${pattern}-runner`;
}

/** Runners that people name patterns after, and that have a dash in their names. */
const dashedRunners = ['multicast-registry'];

/** The name of the workload of a pattern: that of the one that is taken over for it, or its own. */
export function patternName(cluster: PrismCluster, pattern: string): string {
  return workloadNames(cluster, runnerName(pattern)).workload;
}

/** The name of the Service of a pattern. */
export function patternServiceName(cluster: PrismCluster, pattern: string): string {
  return workloadNames(cluster, runnerName(pattern)).service;
}

/**
 * `<cluster>-<pattern>-runner`. Where another cluster may have a pattern of that very name, as `a` with `b-c` and `a-b` with `c`
 * have, a hash of both parts keeps them, and their volumes, apart.
 */
function ownPatternName(cluster: PrismCluster, pattern: string): string {
  const name = childName(cluster, runnerName(pattern));
  if (patternIn(`${cluster.metadata.name}-${pattern}`) === pattern) return name;
  const hash = shortHash(`${cluster.metadata.name}/${pattern}`);
  return `${cut(name, longestName - hash.length - 1)}-${hash}`;
}

/** Which pattern has the name without a hash; one of all that it could be. */
function patternIn(joined: string): string {
  const dashed = dashedRunners.find((runner) => joined.endsWith(`-${runner}`));
  return dashed ?? joined.slice(joined.lastIndexOf('-') + 1);
}

/** The name of the Secret with the configuration of a pattern. */
export function patternConfigName(cluster: PrismCluster, pattern: string): string {
  return `${ownName(cluster, runnerName(pattern))}-config`;
}

/** The namespace of a cluster; the API server has always filled it in. */
export function namespaceOf({ metadata: { namespace } }: PrismCluster): string {
  return namespace ?? 'default';
}

/** A name of at most `limit` characters: one that is longer is cut, and a hash of all of it keeps it apart from others. */
export function shortened(name: string, limit: number): string {
  if (name.length <= limit) return name;
  const hash = shortHash(name);
  return `${cut(name, limit - hash.length - 1)}-${hash}`;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

function cut(name: string, length: number): string {
  return name.slice(0, length).replace(/-+$/, '');
}
