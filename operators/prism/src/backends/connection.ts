import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { backendName, namespaceOf } from '../names.ts';
import { type BackendKind, enabledBackend } from './backend-kind.ts';
import { type Credentials, credentialsSource } from './credentials.ts';

/** How clients reach a backend. */
export interface Connection {
  readonly kind: BackendKind;
  readonly host: string;
  readonly port: number;
  /** The Secret that clients have their credentials from; `undefined` where everybody is let in. */
  readonly secretName: string | undefined;
  /** What that Secret holds; empty where there is none. */
  readonly credentials: Credentials;
  /** Only of postgres. */
  readonly database?: string;
  readonly isExternal: boolean;
  readonly tls: boolean;
}

/** The port that clients of each backend use. */
export const clientPorts: Readonly<Record<BackendKind, number>> = {
  redis: 6379,
  nats: 4222,
  postgres: 5432,
  minio: 9000,
  kafka: 9092,
};

/** Where an enabled backend is, and with what clients log in: its Service, or the server elsewhere. */
export function connectionOf(kind: BackendKind, cluster: PrismCluster, credentials: Credentials): Connection {
  const external = enabledBackend(cluster, kind)?.external;
  const source = credentialsSource(kind, cluster);
  // Kafka's Secret holds the id its volumes are made with, which is nothing that clients have to show.
  const hasLogin = source.kind !== 'None' && (kind !== 'kafka' || source.kind === 'External');
  const database = kind === 'postgres' ? (cluster.spec.backends.postgres?.database ?? 'prism') : undefined;
  return {
    kind,
    ...(external === undefined
      ? { host: `${backendName(cluster, kind)}.${namespaceOf(cluster)}.svc`, port: clientPorts[kind] }
      : addressOf(external.endpoint)),
    secretName: hasLogin ? source.secretName : undefined,
    credentials: hasLogin ? credentials : {},
    ...(database !== undefined && { database }),
    isExternal: external !== undefined,
    tls: external?.tls ?? false,
  };
}

/** The schema has looked at the form: a host, a colon and a port. */
function addressOf(endpoint: string): Pick<Connection, 'host' | 'port'> {
  const colon = endpoint.lastIndexOf(':');
  return { host: endpoint.slice(0, colon), port: Number(endpoint.slice(colon + 1)) };
}

const schemes: Readonly<Record<Exclude<BackendKind, 'kafka'>, { readonly plain: string; readonly tls: string }>> = {
  redis: { plain: 'redis', tls: 'rediss' },
  nats: { plain: 'nats', tls: 'tls' },
  postgres: { plain: 'postgres', tls: 'postgres' },
  minio: { plain: 'http', tls: 'https' },
};

/**
 * The address of a backend as clients write it, such as `redis://orders-redis.shop.svc:6379`; for Kafka host and port alone.
 * @param login what goes before the host, such as `user:password`; nobody logs in unless told
 */
export function urlOf({ kind, host, port, database, tls }: Connection, login?: string): string {
  const at = `${login === undefined ? '' : `${login}@`}${host}:${port}`;
  if (kind === 'kafka') return `${host}:${port}`;
  const scheme = tls ? schemes[kind].tls : schemes[kind].plain;
  const path = database === undefined ? '' : `/${database}${tls ? '?sslmode=require' : ''}`;
  return `${scheme}://${at}${path}`;
}
