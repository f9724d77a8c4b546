import { type BackendKind, backendKinds } from './roles.ts';

/** Where a runner says that a backend is. */
export interface BackendAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** Only of postgres. */
  readonly database?: string;
  /** More servers than the first are named. */
  readonly isFirstOfSeveral: boolean;
}

const names: Readonly<Record<BackendKind, readonly string[]>> = {
  redis: ['REDIS_URL', 'REDIS_ADDR', 'REDIS_ADDRESS', 'REDIS_HOST'],
  nats: ['NATS_URL', 'NATS_SERVERS', 'NATS_HOST'],
  postgres: ['DATABASE_URL', 'POSTGRES_URL', 'POSTGRES_HOST'],
  minio: ['S3_ENDPOINT', 'MINIO_URL', 'MINIO_ENDPOINT'],
  kafka: ['KAFKA_BROKERS', 'KAFKA_BOOTSTRAP_SERVERS'],
};

/** The port that each server listens on. */
export const usualPorts: Readonly<Record<BackendKind, number>> = {
  ...{ redis: 6379, nats: 4222, postgres: 5432, minio: 9000, kafka: 9092 },
};

const secureSchemes = ['rediss', 'tls', 'https'];

/** Which backend a variable of a runner is about; `undefined`: none. */
export function backendNamedBy(variable: string): BackendKind | undefined {
  return backendKinds.find((kind) => names[kind].includes(variable));
}

/** Reads the address out of the value of a variable; `undefined` when it is no address. What it has of a login is left out. */
export function addressIn(kind: BackendKind, value: string): BackendAddress | undefined {
  // A login that nobody escaped may hold anything, so all before the last `@` is taken for one.
  const address = value.trim().replace(/^(?<scheme>[a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$<scheme>');
  const parts = /^(?:(?<scheme>[a-z][a-z0-9+.-]*):\/\/)?(?<servers>[^/?#]+)(?:\/(?<path>[^?#]*))?/i.exec(
    address,
  )?.groups;
  const [first = '', ...others] = (parts?.['servers'] ?? '').split(',');
  const found = /^(?<host>[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?)(?::(?<port>\d{1,5}))?$/i.exec(first.trim())?.groups;
  if (found?.['host'] === undefined) return undefined;
  const scheme = parts?.['scheme']?.toLowerCase() ?? '';
  const database = kind === 'postgres' ? parts?.['path'] : undefined;
  return {
    host: found['host'],
    port: found['port'] === undefined ? defaultPort(kind, scheme) : Number(found['port']),
    tls: secureSchemes.includes(scheme) || /[?&]sslmode=(require|verify)/.test(value),
    ...(database && /^[a-z_][a-z0-9_]{0,62}$/.test(database) && { database }),
    isFirstOfSeveral: others.length > 0,
  };
}

function defaultPort(kind: BackendKind, scheme: string): number {
  if (scheme === 'https') return 443;
  return scheme === 'http' ? 80 : usualPorts[kind];
}
