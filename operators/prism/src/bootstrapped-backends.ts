import { PersistentVolumeClaim, StatefulSet } from '@capstan/kube';
import type { CacheReader } from '@capstan/runtime';
import type { PrismCluster, PrismClusterStatus } from './api/v1alpha1/prism-cluster.ts';
import { dataClaim } from './backends/server.ts';
import { isOwnedBy } from './components.ts';
import { backendName, namespaceOf } from './names.ts';

/** What servers were given at their first start, by backend, and cannot be given another of while their volumes are there. */
export type BootstrappedBackends = NonNullable<PrismClusterStatus['bootstrappedBackends']>;

type Cache = Pick<CacheReader<PrismCluster>, 'get' | 'list'>;

/**
 * What there is of each backend, its volumes alone included: the status remembers it; where it was lost, servers and volumes
 * show it. A backend of which nothing is left is forgotten, and may begin anew as anything.
 * @param isCarriedOut the present spec was applied, so what is there for the first time is as it says
 */
export function bootstrappedBackends(
  cluster: PrismCluster,
  cache: Cache,
  { isCarriedOut }: { readonly isCarriedOut: boolean },
): BootstrappedBackends {
  const { nats, postgres, kafka } = cluster.status?.bootstrappedBackends ?? {};
  const [natsMembers, kafkaMembers] = [persistentMembers(cluster, 'nats', cache), members(cluster, 'kafka', cache)];
  const database = isCarriedOut ? cluster.spec.backends.postgres?.database : undefined;
  const made = postgres ?? (database === undefined ? undefined : { database });
  return {
    ...(natsMembers !== undefined && { nats: nats ?? { replicas: natsMembers } }),
    ...(made !== undefined && members(cluster, 'postgres', cache) !== undefined && { postgres: made }),
    ...(kafkaMembers !== undefined && { kafka: kafka ?? { replicas: kafkaMembers, mode: modeOf(cluster, cache) } }),
  };
}

/** The numbers of the servers of which there is a volume; a volume outlives its server, and the cluster. */
export function volumesOf(cluster: PrismCluster, server: string, cache: Pick<Cache, 'list'>): readonly number[] {
  return claimNumbers(cluster, `${dataClaim}-${backendName(cluster, server)}-`, cache);
}

/**
 * The numbers of the claims whose names are a number after `start`. By name, because of what StatefulSets make the cache keeps
 * hardly more.
 */
function claimNumbers(cluster: PrismCluster, start: string, cache: Pick<Cache, 'list'>): readonly number[] {
  return cache
    .list(PersistentVolumeClaim, { namespace: namespaceOf(cluster) })
    .map(({ metadata: { name } }) => (name.startsWith(start) ? name.slice(start.length) : ''))
    .filter((end) => /^\d+$/.test(end))
    .map(Number);
}

function members(cluster: PrismCluster, server: string, cache: Cache): number | undefined {
  return serverOf(cluster, server, cache)?.spec?.replicas ?? membersByVolumes(volumesOf(cluster, server, cache));
}

/** Servers without a volume remember nothing. */
function persistentMembers(cluster: PrismCluster, server: string, cache: Cache): number | undefined {
  const live = serverOf(cluster, server, cache)?.spec;
  const hasVolumes = (live?.volumeClaimTemplates ?? []).length > 0;
  return (hasVolumes ? live?.replicas : undefined) ?? membersByVolumes(volumesOf(cluster, server, cache));
}

/** Two members are never made: of three, the last volume was taken away. */
function membersByVolumes(numbers: readonly number[]): number | undefined {
  if (numbers.length === 0) return undefined;
  const members = Math.max(...numbers) + 1;
  return members === 2 ? 3 : members;
}

/** Beside brokers that have always voted among themselves there never was a ZooKeeper. */
function modeOf(cluster: PrismCluster, cache: Cache): 'KRaft' | 'ZooKeeper' {
  return members(cluster, 'zookeeper', cache) === undefined ? 'KRaft' : 'ZooKeeper';
}

function serverOf(cluster: PrismCluster, server: string, cache: Cache): StatefulSet | undefined {
  const found = cache.get(StatefulSet, { namespace: namespaceOf(cluster), name: backendName(cluster, server) });
  return found !== undefined && isOwnedBy(found, cluster) ? found : undefined;
}
