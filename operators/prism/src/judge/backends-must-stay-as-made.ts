import type { PrismBackend, PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { enabledBackend } from '../backends/backend-kind.ts';
import type { BootstrappedBackends } from '../bootstrapped-backends.ts';
import type { Guard } from './guard.ts';

/** What a server is given at its first start stays, also where the backend was off, or the cluster gone, in between. */
export const backendsMustStayAsMade: Guard = (cluster, { bootstrappedBackends }) => {
  const sentences = [
    ...kafkaChanges(cluster, bootstrappedBackends.kafka),
    ...natsChanges(cluster, bootstrappedBackends.nats),
    ...postgresChanges(cluster, bootstrappedBackends.postgres),
  ];
  if (sentences.length === 0) return undefined;
  const message = `${sentences.join('; ')}. Set it back, or begin anew without the data: take the backend out of the spec, delete its volumes, and put it in again`;
  return { reason: 'BackendChangeRefused', message };
};

/** Those that run here. */
function ownBackend(cluster: PrismCluster, kind: 'nats' | 'postgres' | 'kafka'): PrismBackend | undefined {
  const backend = enabledBackend(cluster, kind);
  return backend?.external === undefined ? backend : undefined;
}

function kafkaChanges(cluster: PrismCluster, made: BootstrappedBackends['kafka']): readonly string[] {
  const wanted = ownBackend(cluster, 'kafka');
  const mode = cluster.spec.backends.kafka?.mode;
  if (wanted === undefined || made === undefined) return [];
  return [
    ...(wanted.replicas === made.replicas
      ? []
      : [
          `spec.backends.kafka.replicas is ${wanted.replicas}, but the volumes of kafka were made for ${made.replicas}: the brokers vote by a list that is fixed, ` +
            'and members that join it empty could outvote those with the metadata',
        ]),
    ...(mode === made.mode
      ? []
      : [
          `spec.backends.kafka.mode is ${mode}, but the volumes of kafka were made with ${made.mode}: nothing moves the metadata`,
        ]),
  ];
}

/** Several may become more: only a single server keeps its streams in another way. */
function natsChanges(cluster: PrismCluster, made: BootstrappedBackends['nats']): readonly string[] {
  const wanted = ownBackend(cluster, 'nats');
  if (wanted?.storage === undefined || made === undefined) return [];
  if (wanted.replicas > 1 === made.replicas > 1) return [];
  return [
    `spec.backends.nats.replicas is ${wanted.replicas}, but the volumes of nats were made for ${made.replicas}: ` +
      'streams on a volume of a single server are not those of a cluster',
  ];
}

function postgresChanges(cluster: PrismCluster, made: BootstrappedBackends['postgres']): readonly string[] {
  const database = cluster.spec.backends.postgres?.database;
  if (ownBackend(cluster, 'postgres') === undefined || made === undefined || database === made.database) return [];
  return [
    `spec.backends.postgres.database is ${database}, but postgres was made with ${made.database}: it makes its database at the first start only`,
  ];
}
