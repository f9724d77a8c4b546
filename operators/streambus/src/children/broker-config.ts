import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import { protectionOf } from '../protection.ts';
import { brokerHost, ordinals, podName } from './names.ts';

/** Where the volumes are mounted; also what the broker's configuration says. */
export const dataDirectory = '/data';
export const raftDirectory = '/raft';

/**
 * The configuration file of every broker: file name to content. The broker of a pod reads `<pod>.yaml`.
 * @param members brokers that know each other
 */
export function brokerConfigFiles(cluster: StreamBusCluster, members: number): Readonly<Record<string, string>> {
  return Object.fromEntries(
    ordinals(members).map((ordinal) => [
      `${podName(cluster, ordinal)}.yaml`,
      renderBrokerConfig(cluster, ordinal, members),
    ]),
  );
}

/**
 * One broker's configuration, with every key that the broker reads and no other.
 *
 * Strings are written as JSON, which is YAML: nothing in them can be taken for a number, a boolean or a comment.
 */
export function renderBrokerConfig(cluster: StreamBusCluster, ordinal: number, members: number): string {
  const { port, httpPort, grpcPort } = cluster.spec.config;
  return `${[
    'server:',
    `  broker_id: ${brokerId(ordinal)}`,
    // Behind a proxy the broker listens where only its own pod can reach it.
    `  host: ${JSON.stringify(protectionOf(cluster.spec).proxy === undefined ? '0.0.0.0' : '127.0.0.1')}`,
    `  port: ${port}`,
    `  http_port: ${httpPort}`,
    `  grpc_port: ${grpcPort}`,
    'storage:',
    `  data_dir: ${JSON.stringify(dataDirectory)}`,
    'cluster:',
    '  raft:',
    `    data_dir: ${JSON.stringify(raftDirectory)}`,
    '  peers:',
    ...peersOf(cluster, ordinal, members).map((peer) => `    - ${JSON.stringify(peer)}`),
    'observability:',
    '  logging:',
    `    level: ${JSON.stringify(logLevelOf(cluster))}`,
  ].join('\n')}\n`;
}

/**
 * What a running broker has read at its start and would not take up otherwise. Where brokers can change their membership, the
 * list of peers is not part of it: nobody restarts because another broker came.
 */
export function brokerStartFiles(cluster: StreamBusCluster, members: number): Readonly<Record<string, string>> {
  const isFixed = cluster.spec.raft.membership === 'Fixed';
  return isFixed ? brokerConfigFiles(cluster, members) : { 'any.yaml': renderBrokerConfig(cluster, 0, 1) };
}

/** The log level the brokers run with: `observability.logging.level` where given, else `config.logLevel`. */
function logLevelOf({ spec: { config, observability } }: StreamBusCluster): string {
  return observability.logging?.level ?? config.logLevel;
}

/** The broker refuses 0, so ids count from 1. */
function brokerId(ordinal: number): number {
  return ordinal + 1;
}

/** A broker listens for raft at its own entry, and dials the others by name, anew for each connection. */
function peersOf(cluster: StreamBusCluster, self: number, members: number): readonly string[] {
  const { grpcPort } = cluster.spec.config;
  return ordinals(members).map((ordinal) => {
    const host = ordinal === self ? '0.0.0.0' : brokerHost(cluster, ordinal);
    return `${brokerId(ordinal)}:${host}:${grpcPort}`;
  });
}
