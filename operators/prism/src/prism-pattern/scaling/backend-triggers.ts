import type { PrismCluster } from '../../api/v1alpha1/prism-cluster.ts';
import type { BackendKind } from '../../backends/backend-kind.ts';
import type { Connection } from '../../backends/connection.ts';
import { backendHeadless, namespaceOf } from '../../names.ts';

/** How KEDA asks a backend of the cluster whether there is work. */
export interface BackendTrigger {
  readonly kind: BackendKind;
  /** Parameters of which any one says where to ask, so that nothing is to be filled in. */
  readonly addresses: readonly [string, ...string[]];
  /** Where to ask; `undefined` where that cannot be known. */
  readonly fill: (connection: Connection, cluster: PrismCluster) => Readonly<Record<string, string>> | undefined;
  /** Parameters of KEDA, by the key of the Secret with the credentials. */
  readonly login: Readonly<Record<string, string>>;
  /** The port at which KEDA asks a server that runs here; that of clients unless given. */
  readonly port?: number;
}

const kafka: BackendTrigger = {
  kind: 'kafka',
  addresses: ['bootstrapServers', 'bootstrapServersFromEnv'],
  fill: ({ host, port, tls, secretName }) => ({
    bootstrapServers: `${host}:${port}`,
    ...(secretName !== undefined && { sasl: 'plaintext' }),
    ...(tls && { tls: 'enable' }),
  }),
  login: { username: 'username', password: 'password' },
};

const redis: BackendTrigger = {
  kind: 'redis',
  addresses: ['address', 'addresses', 'addressFromEnv', 'host', 'hosts', 'hostFromEnv'],
  fill: ({ host, port, tls }) => ({ address: `${host}:${port}`, ...(tls && { enableTLS: 'true' }) }),
  login: { password: 'password' },
};

/** The port at which NATS tells of its streams. */
const monitorPort = 8222;

/** The monitoring port is on the Service of the servers alone; where that of another NATS is, only its owner knows. */
const natsJetStream: BackendTrigger = {
  kind: 'nats',
  addresses: ['natsServerMonitoringEndpoint'],
  fill: ({ isExternal }, cluster) =>
    isExternal
      ? undefined
      : {
          natsServerMonitoringEndpoint: `${backendHeadless(cluster, 'nats')}.${namespaceOf(cluster)}.svc:${monitorPort}`,
          account: '$G',
        },
  login: {},
  port: monitorPort,
};

const postgresql: BackendTrigger = {
  kind: 'postgres',
  addresses: ['host', 'connectionFromEnv'],
  fill: ({ host, port, database = 'prism', tls }) => ({
    ...{ host, port: `${port}`, dbName: database },
    sslmode: tls ? 'require' : 'disable',
  }),
  login: { userName: 'username', password: 'password' },
};

/** KEDA's scalers that can ask backends of a cluster, by their type. */
export const backendTriggers: Readonly<Record<string, BackendTrigger>> = {
  kafka,
  'apache-kafka': kafka,
  redis,
  'redis-streams': redis,
  'nats-jetstream': natsJetStream,
  postgresql,
};
