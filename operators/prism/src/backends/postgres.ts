import type { Probe } from '@capstan/kube';
import { clientPorts } from './connection.ts';
import { postgresUser } from './postgres-user.ts';
import { type BackendServer, defaultVolumeSize, type ServerContext } from './server.ts';
import { imageOf } from './versions.ts';

const credentialsDirectory = '/etc/postgres-credentials';
const dataDirectory = '/var/lib/postgresql/data';

/**
 * One postgres. Its image makes the database at the first start, with these credentials; later starts read them and change
 * nothing.
 */
export function postgresServer({ cluster, backend, made }: ServerContext): BackendServer {
  return {
    server: 'postgres',
    replicas: backend.replicas,
    runAs: postgresUser(imageOf('postgres', backend, made.postgres?.version)).identity,
    ports: [{ name: 'postgres', port: clientPorts.postgres }],
    container: {
      args: ['postgres', '-c', 'listen_addresses=*', '-c', 'password_encryption=scram-sha-256'],
      env: [
        { name: 'POSTGRES_USER_FILE', value: `${credentialsDirectory}/username` },
        { name: 'POSTGRES_PASSWORD_FILE', value: `${credentialsDirectory}/password` },
        { name: 'POSTGRES_DB', value: cluster.spec.backends.postgres?.database ?? 'prism' },
        { name: 'POSTGRES_INITDB_ARGS', value: '--auth-host=scram-sha-256 --data-checksums' },
        // Not the volume itself, for a new one may have a lost+found in it, and initdb takes only an empty directory.
        { name: 'PGDATA', value: `${dataDirectory}/pgdata` },
      ],
      ...probes,
    },
    data: { directory: dataDirectory, size: backend.storage ?? defaultVolumeSize },
    // The socket with its lock, and what initdb and its shell put aside.
    scratch: ['/var/run/postgresql', '/tmp'],
    credentialsDirectory,
    // The image asks for SIGINT, by which postgres ends all sessions and writes everything down before it goes.
    stopSeconds: 120,
    resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '1Gi' } },
  };
}

/** By TCP: during the first start it listens on its socket only, and is not to be used yet. */
const accepts = { exec: { command: ['pg_isready', '-q', '-h', '127.0.0.1', '-p', `${clientPorts.postgres}`] } };

/** Recovery after a crash may take minutes, in which it accepts nobody. */
const probes: { readonly [each in 'startupProbe' | 'readinessProbe' | 'livenessProbe']: Probe } = {
  startupProbe: { ...accepts, periodSeconds: 2, failureThreshold: 150, timeoutSeconds: 5 },
  readinessProbe: { ...accepts, periodSeconds: 5, failureThreshold: 3, timeoutSeconds: 5 },
  livenessProbe: { ...accepts, periodSeconds: 10, failureThreshold: 6, timeoutSeconds: 5 },
};
