import { Deployment, type ResourceType, StatefulSet } from '@capstan/kube';
import type { Pass } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { namespaceOf } from '../names.ts';
import type { AdoptionSight, LiveWorkload } from './sight.ts';

/**
 * The same with the workloads that are about to be taken over. They are read, once each, for the cache has hardly more than the names
 * of what is not ours: a container that does not exist must not be added to their pods.
 */
export async function readFreeWorkloads(
  cluster: PrismCluster,
  sight: AdoptionSight,
  pass: Pick<Pass<PrismCluster>, 'read'>,
): Promise<AdoptionSight> {
  const types: readonly ResourceType<LiveWorkload>[] = [Deployment, StatefulSet];
  const free = sight.objects.flatMap(({ kind, name, component, holding }) => {
    const type = types.find((each) => each.kind === kind);
    return type === undefined || holding.is !== 'Free' ? [] : [{ type, name, component }];
  });
  const read = await Promise.all(
    free.map(async ({ type, name, component }): Promise<readonly [string, LiveWorkload][]> => {
      const found = await pass.read(type, { namespace: namespaceOf(cluster), name });
      return found === undefined ? [] : [[component, found]];
    }),
  );
  return { ...sight, workloads: new Map([...sight.workloads, ...read.flat()]) };
}
