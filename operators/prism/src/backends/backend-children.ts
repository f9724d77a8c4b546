import { headlessService, podDisruptionBudget, service } from '@capstan/resources';
import { desiredOf, type LiveReader, rolloutOf, type Step, type StepObject, type Waiting } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { childMetadata, selectorLabels } from '../labels.ts';
import { backendHeadless, backendName } from '../names.ts';
import type { MadeServers } from '../secrets/made-with.ts';
import { type BackendKind, enabledBackend } from './backend-kind.ts';
import { type Credentials, credentialKeys, credentialsSource } from './credentials.ts';
import { kafkaServer, zookeeperKafkaServer } from './kafka.ts';
import { minioServer } from './minio.ts';
import { natsServer } from './nats.ts';
import { postgresServer } from './postgres.ts';
import { redisServer } from './redis.ts';
import type { BackendServer, SecretHash, ServerContext, ServerPort } from './server.ts';
import { serverConfiguration } from './server-configuration.ts';
import { serverStatefulSet } from './server-stateful-set.ts';
import { zookeeperServer } from './zookeeper.ts';

/** What the children of a backend are made from besides the cluster. */
export interface BackendChildrenOptions {
  readonly credentials: Credentials;
  readonly hashOf: SecretHash;
  /** What there was at the first start of each server; nothing unless told. */
  readonly made?: MadeServers;
}

/**
 * Everything that an enabled backend consists of but its credentials, and when it is ready; nothing of one that runs elsewhere.
 * A ZooKeeper comes in the same step as its brokers, which ask for it until it is there.
 */
export function backendChildren(kind: BackendKind, cluster: PrismCluster, options: BackendChildrenOptions): Step {
  const context = serverContext(kind, cluster, options);
  if (context === undefined) return { name: kind, objects: [] };
  const parts = described(kind, context).map((server) => ({ server, set: serverStatefulSet(server, context) }));
  return {
    name: kind,
    objects: parts.flatMap(({ server, set }): readonly StepObject[] => [
      ...serverConfiguration(cluster, server),
      ...services(cluster, server),
      disruptionBudget(cluster, server),
      set,
    ]),
    waitingFor: (live) => firstOf(parts.map(({ server, set }) => waitingFor(server, set, live))),
  };
}

/** `undefined` for a backend of which nothing runs here. */
function serverContext(
  kind: BackendKind,
  cluster: PrismCluster,
  { credentials, hashOf, made = {} }: BackendChildrenOptions,
): ServerContext | undefined {
  const backend = enabledBackend(cluster, kind);
  if (backend === undefined || backend.external !== undefined) return undefined;
  const source = credentialsSource(kind, cluster);
  if (source.kind === 'None') return { cluster, backend, hashOf, made, credentials: {}, secretName: undefined };
  // A Secret of the user's may have more in it, which the servers do not read and must not be rolled for.
  const read = Object.fromEntries(credentialKeys(kind).map((key) => [key, credentials[key] ?? '']));
  return { cluster, backend, hashOf, made, credentials: read, secretName: source.secretName };
}

/** The servers that a backend runs here, those that others need before the others. */
function described(kind: BackendKind, context: ServerContext): readonly BackendServer[] {
  switch (kind) {
    case 'redis':
      return [redisServer(context)];
    case 'nats':
      return [natsServer(context)];
    case 'postgres':
      return [postgresServer(context)];
    case 'minio':
      return [minioServer(context)];
    case 'kafka':
      return context.cluster.spec.backends.kafka?.mode === 'ZooKeeper'
        ? [zookeeperServer(context), zookeeperKafkaServer(context)]
        : [kafkaServer(context)];
  }
}

/** One for clients, with a virtual address, and one that gives each server a name. */
function services(cluster: PrismCluster, { server, ports }: BackendServer): readonly StepObject[] {
  const selector = selectorLabels(cluster, server);
  const named = (name: string) => childMetadata(cluster, name, server, 'backend');
  const listed = (all: readonly ServerPort[]) => all.map(({ name, port }) => ({ name, port, targetPort: name }));
  const forClients = ports.filter(({ isForPeers = false }) => !isForPeers);
  return [
    service(named(backendName(cluster, server)), { selector, ports: listed(forClients) }),
    headlessService(named(backendHeadless(cluster, server)), { selector, ports: listed(ports) }),
  ];
}

/**
 * A drain takes one server at a time, and always may take one. That of a single store stops the store for as long as its pod
 * moves; a budget that kept it would keep the node from ever being drained.
 */
function disruptionBudget(cluster: PrismCluster, { server }: BackendServer): StepObject {
  return podDisruptionBudget(childMetadata(cluster, backendName(cluster, server), server, 'backend'), {
    selector: selectorLabels(cluster, server),
    maxUnavailable: 1,
    // One that is not ready serves nobody; keeping it would only keep the node.
    unhealthyPodEvictionPolicy: 'AlwaysAllow',
  });
}

function waitingFor({ server, replicas }: BackendServer, set: StepObject, live: LiveReader): Waiting | undefined {
  const rollout = rolloutOf(live(set));
  switch (rollout.state) {
    case 'Complete':
      return undefined;
    case 'Absent':
      return { reason: 'Absent', message: `${server}: StatefulSet/${desiredOf(set).metadata.name} does not exist yet` };
    case 'InProgress':
      return { reason: 'BackendNotReady', message: `${server}: ${rollout.ready} of ${replicas} pods are ready` };
    case 'Stalled':
      return { reason: rollout.reason, message: `${server}: ${rollout.message}` };
  }
}

function firstOf<T>(items: readonly (T | undefined)[]): T | undefined {
  return items.find((item) => item !== undefined);
}
