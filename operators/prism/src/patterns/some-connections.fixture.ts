import { aCluster, type SpecInput } from '../a-cluster.fixture.ts';
import type { BackendKind } from '../backends/backend-kind.ts';
import { type Connection, connectionOf } from '../backends/connection.ts';
import type { Credentials } from '../backends/credentials.ts';

/** Credentials with every character that means something in a URL, in YAML or in JSON. */
export const awkward = 'p@s:s/w#o?r%d "\'\\&=+';

export const someCredentials: Readonly<Record<BackendKind, Credentials>> = {
  redis: { password: awkward },
  nats: { username: 'na@ts', password: awkward },
  postgres: { username: 'prism', password: awkward },
  minio: { rootUser: 'miniouser', rootPassword: awkward },
  kafka: { clusterId: 'AAAAAAAAAAAAAAAAAAAAAA' },
};

export const allBackends: NonNullable<SpecInput['backends']> = {
  ...{ redis: {}, nats: {}, postgres: {}, minio: {}, kafka: {} },
};

/** All backends of the cluster `orders`, with credentials that are awkward. */
export const someConnections: readonly Connection[] = (Object.keys(someCredentials) as BackendKind[]) // the keys are the kinds
  .map((kind) => connectionOf(kind, aCluster({ spec: { backends: allBackends } }), someCredentials[kind]));

/** A backend that everybody is let into, at that address. */
export function openConnection(kind: BackendKind, host: string, port: number): Connection {
  return { kind, host, port, secretName: undefined, credentials: {}, isExternal: true, tls: false };
}
