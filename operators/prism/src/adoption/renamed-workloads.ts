import { Deployment, StatefulSet } from '@capstan/kube';
import { type CacheReader, childName } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { type Component, isOwnedBy } from '../components.ts';
import { namespaceOf } from '../names.ts';
import { componentLabel, instanceLabel } from '../pods/watched-pods.ts';

/** A component that runs already, under another name than it is to have. */
export interface RenamedWorkload {
  /** The requirement's name of it. */
  readonly component: string;
  /** What runs it, such as `Deployment/prism-proxy`. */
  readonly runsAs: string;
  /** The name that it is to have. */
  readonly wanted: string;
}

/**
 * Components that would be made anew under another name, and what runs them be pruned, because what is to be taken over for them has
 * come into the spec, gone from it or is another one.
 */
export function renamedWorkloads(
  cluster: PrismCluster,
  components: readonly Component[],
  cache: Pick<CacheReader<PrismCluster>, 'list'>,
): readonly RenamedWorkload[] {
  const namespace = namespaceOf(cluster);
  const own = [...cache.list(Deployment, { namespace }), ...cache.list(StatefulSet, { namespace })].filter(
    (each) => isOwnedBy(each, cluster) && each.metadata.labels?.[instanceLabel] === cluster.metadata.name,
  );
  return components.flatMap(({ name: component, part, workload }) => {
    const running = own.filter(({ metadata }) => metadata.labels?.[componentLabel] === component);
    const [first] = running;
    if (first === undefined || workload === undefined || part === 'backend') return [];
    // Where there is one under the wanted name already, nothing is made anew.
    const isThere = running.some(({ metadata }) => metadata.name === workload.name);
    return isThere ? [] : [{ component, runsAs: childName(first), wanted: workload.name }];
  });
}
