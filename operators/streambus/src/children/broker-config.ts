import { configHash } from '@capstan/resources';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import { brokerHost, ordinalsOf, podName } from './names.ts';

/** Where the volumes are mounted; also what the broker's configuration says. */
export const dataDirectory = '/data';
export const raftDirectory = '/raft';

/** The configuration file of every broker: file name to content. The broker of a pod reads `<pod>.yaml`. */
export function brokerConfigFiles(cluster: StreamBusCluster): Readonly<Record<string, string>> {
  return Object.fromEntries(
    ordinalsOf(cluster).map((ordinal) => [`${podName(cluster, ordinal)}.yaml`, renderBrokerConfig(cluster, ordinal)]),
  );
}

/**
 * One broker's configuration, with every key that the broker reads and no other.
 *
 * Strings are written as JSON, which is YAML: nothing in them can be taken for a number, a boolean or a comment.
 */
export function renderBrokerConfig(cluster: StreamBusCluster, ordinal: number): string {
  const { port, httpPort, grpcPort } = cluster.spec.config;
  return `${[
    'server:',
    `  broker_id: ${brokerId(ordinal)}`,
    '  host: "0.0.0.0"',
    `  port: ${port}`,
    `  http_port: ${httpPort}`,
    `  grpc_port: ${grpcPort}`,
    'storage:',
    `  data_dir: ${JSON.stringify(dataDirectory)}`,
    'cluster:',
    '  raft:',
    `    data_dir: ${JSON.stringify(raftDirectory)}`,
    '  peers:',
    ...peersOf(cluster, ordinal).map((peer) => `    - ${JSON.stringify(peer)}`),
    'observability:',
    '  logging:',
    `    level: ${JSON.stringify(logLevelOf(cluster))}`,
  ].join('\n')}\n`;
}

/** Sixteen hexadecimal digits that change exactly when some broker would read something else at its next start. */
export function brokerConfigHash(cluster: StreamBusCluster): string {
  return configHash(brokerConfigFiles(cluster));
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
function peersOf(cluster: StreamBusCluster, self: number): readonly string[] {
  const { grpcPort } = cluster.spec.config;
  return ordinalsOf(cluster).map((ordinal) => {
    const host = ordinal === self ? '0.0.0.0' : brokerHost(cluster, ordinal);
    return `${brokerId(ordinal)}:${host}:${grpcPort}`;
  });
}
