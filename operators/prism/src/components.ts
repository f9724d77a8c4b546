import { Deployment, type KubeObject, type ResourceType, StatefulSet } from '@capstan/kube';
import type { PrismCluster } from './api/v1alpha1/prism-cluster.ts';
import { enabledBackend, enabledBackends } from './backends/backend-kind.ts';
import { managedBy, type Part } from './labels.ts';
import { backendName, namesOf, patternName, runnerName } from './names.ts';

/** The workload that runs a component. */
export interface Workload {
  readonly type: ResourceType<Deployment> | ResourceType<StatefulSet>;
  readonly name: string;
}

/** One thing that a cluster consists of and that can be healthy or not. */
export interface Component {
  /** The requirement's name of it, as status and labels have it: redis, prism-admin, keyvalue-runner. */
  readonly name: string;
  readonly part: Extract<Part, 'backend' | 'admin' | 'proxy' | 'pattern'>;
  /** Absent for a backend that runs elsewhere. */
  readonly workload?: Workload;
}

/**
 * Everything that a cluster consists of, in the order in which it is set up.
 * @param members of prism-admin, as it was bootstrapped
 */
export function componentsOf(cluster: PrismCluster, members: number): readonly Component[] {
  const { admin, proxy } = namesOf(cluster);
  return [
    ...enabledBackends(cluster).flatMap((kind) => backendComponents(cluster, kind)),
    { name: 'prism-admin', part: 'admin', workload: { type: members > 1 ? StatefulSet : Deployment, name: admin } },
    { name: 'prism-proxy', part: 'proxy', workload: { type: Deployment, name: proxy } },
    ...cluster.spec.patterns.map(
      ({ name, type }): Component => ({
        name: runnerName(name),
        part: 'pattern',
        workload: { type: type === 'StatefulSet' ? StatefulSet : Deployment, name: patternName(cluster, name) },
      }),
    ),
  ];
}

function backendComponents(
  cluster: PrismCluster,
  kind: ReturnType<typeof enabledBackends>[number],
): readonly Component[] {
  if (enabledBackend(cluster, kind)?.external !== undefined) return [{ name: kind, part: 'backend' }];
  const servers = kind === 'kafka' && cluster.spec.backends.kafka?.mode === 'ZooKeeper' ? ['zookeeper', kind] : [kind];
  return servers.map((server) => ({
    name: server,
    part: 'backend',
    workload: { type: StatefulSet, name: backendName(cluster, server) },
  }));
}

/**
 * Owned by this very cluster, or by nobody although the operator made it: what is left when a cluster was deleted with its
 * children orphaned, and is taken back. What another one has under the same name says nothing of it.
 */
export function isOwnedBy({ metadata }: KubeObject, cluster: PrismCluster): boolean {
  const holder = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (holder !== undefined) return holder.uid === cluster.metadata.uid;
  return metadata.labels?.['app.kubernetes.io/managed-by'] === managedBy;
}
