import type { Draft, NetworkPolicy, NetworkPolicyPeer } from '@capstan/kube';
import { networkPolicy } from '@capstan/resources';
import { adoptedWorkload } from '../adoption/adopted-workload.ts';
import type { PrismCluster, PrismPattern } from '../api/v1alpha1/prism-cluster.ts';
import { type BackendKind, enabledBackend, enabledBackends } from '../backends/backend-kind.ts';
import { clientPorts } from '../backends/connection.ts';
import { childMetadata, clusterLabels, selectorLabels } from '../labels.ts';
import { backendName, runnerName } from '../names.ts';
import { componentPods, type Gate, rulesOf } from './gate.ts';

/** The backends that pods of a pattern may reach. */
export type ReachOf = (pattern: PrismPattern) => readonly string[];

/**
 * Around the backends that run here: the patterns that use them, and their own servers among themselves.
 * @param reachOf those that it names, and those that pods from before a change still use
 */
export function backendFences(cluster: PrismCluster, reachOf: ReachOf): readonly Draft<NetworkPolicy>[] {
  const here = enabledBackends(cluster).filter((kind) => enabledBackend(cluster, kind)?.external === undefined);
  return [
    ...here.map((kind) =>
      fenceAround(cluster, kind, [clientGate(cluster, kind, reachOf), ...peerGates(cluster, kind)]),
    ),
    ...(here.includes('kafka') && cluster.spec.backends.kafka?.mode === 'ZooKeeper'
      ? [fenceAround(cluster, 'zookeeper', zookeeperGates(cluster))]
      : []),
  ];
}

function fenceAround(cluster: PrismCluster, server: string, gates: readonly Gate[]): Draft<NetworkPolicy> {
  return networkPolicy(childMetadata(cluster, backendName(cluster, server), server, 'edge'), {
    pods: selectorLabels(cluster, server),
    ingress: rulesOf(gates),
  });
}

function clientGate(cluster: PrismCluster, kind: BackendKind, reachOf: ReachOf): Gate {
  return { port: clientPorts[kind], from: users(cluster, kind, reachOf) };
}

/** The pods of the patterns that use a backend; a pattern that does not cannot reach it. */
function users(cluster: PrismCluster, kind: BackendKind, reachOf: ReachOf): readonly NetworkPolicyPeer[] {
  const values = cluster.spec.patterns
    .filter((pattern) => reachOf(pattern).includes(kind))
    .map(({ name }) => runnerName(name));
  if (values.length === 0) return [];
  const matchExpressions = [{ key: 'app.kubernetes.io/component', operator: 'In' as const, values }];
  const adopted = values.filter((component) => adoptedWorkload(cluster, component) !== undefined);
  return [
    { podSelector: { matchLabels: clusterLabels(cluster), matchExpressions } },
    ...adopted.map((component) => componentPods(cluster, component)),
  ];
}

/** The ports at which the servers of one backend speak with each other. Brokers of Kafka use that of clients too. */
const peerPorts: Readonly<Record<BackendKind, readonly number[]>> = {
  redis: [],
  nats: [6222],
  postgres: [],
  minio: [],
  kafka: [clientPorts.kafka, 9093],
};

function peerGates(cluster: PrismCluster, kind: BackendKind): readonly Gate[] {
  return peerPorts[kind].map((port) => ({ port, from: [componentPods(cluster, kind)] }));
}

function zookeeperGates(cluster: PrismCluster): readonly Gate[] {
  const members = [componentPods(cluster, 'zookeeper')];
  return [
    { port: 2181, from: [componentPods(cluster, 'kafka')] },
    { port: 2888, from: members },
    { port: 3888, from: members },
  ];
}
