import { configMap } from '@capstan/resources';
import type { Desired } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { childMetadata } from '../labels.ts';
import { namesOf } from '../names.ts';
import type { BackendKind } from './backend-kind.ts';
import { type Connection, urlOf } from './connection.ts';

/** The variables that clients know each backend by. */
const variables: Readonly<Record<BackendKind, readonly string[]>> = {
  redis: ['REDIS_URL'],
  nats: ['NATS_URL'],
  postgres: ['DATABASE_URL'],
  minio: ['MINIO_URL', 'S3_ENDPOINT'],
  kafka: ['KAFKA_BROKERS'],
};

/** The ConfigMap with the address of every backend, for whoever else wants to use it. Nobody can log in with what is in it. */
export function backendDiscovery(cluster: PrismCluster, connections: readonly Connection[]): Desired {
  const { serviceDiscovery } = namesOf(cluster);
  const metadata = childMetadata(cluster, serviceDiscovery, 'service-discovery', 'backend');
  const addresses = connections.flatMap((connection) =>
    variables[connection.kind].map((name) => [name, urlOf(connection)] as const),
  );
  return configMap(metadata, Object.fromEntries(addresses));
}
