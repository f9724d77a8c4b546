import type { Container, Probe } from '@capstan/kube';
import { clientPorts } from './connection.ts';
import { quoted } from './quoted.ts';
import { type BackendServer, defaultVolumeSize, type ServerContext } from './server.ts';

const configDirectory = '/etc/redis';
const dataDirectory = '/data';
const configFile = 'redis.conf';

/** One redis-server with an append-only file. It writes to its data directory and nowhere else. */
export function redisServer({ backend, credentials, secretName }: ServerContext): BackendServer {
  return {
    server: 'redis',
    replicas: backend.replicas,
    // The image's user; its group is another one in each variant, and nothing depends on it.
    runAs: { uid: 999, gid: 999 },
    ports: [{ name: 'redis', port: clientPorts.redis }],
    container: {
      command: ['redis-server'],
      args: [`${configDirectory}/${configFile}`],
      ...(secretName !== undefined && { env: [passwordForProbes(secretName)] }),
      ...probes,
    },
    data: { directory: dataDirectory, size: backend.storage ?? defaultVolumeSize },
    scratch: [],
    files: {
      directory: configDirectory,
      contents: { [configFile]: redisConfig(credentials['password']) },
      areSecret: true,
    },
    stopSeconds: 60,
    resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '512Mi' } },
  };
}

/** What redis-server is configured with; nobody needs a password when there is none. */
function redisConfig(password: string | undefined): string {
  const lines = [
    `port ${clientPorts.redis}`,
    `dir ${dataDirectory}`,
    'appendonly yes',
    'appendfsync everysec',
    // The append-only file has everything. A snapshot that fails (a full disk, no memory to fork) would end all writes.
    'save ""',
    // Without a password, protected mode would let in nobody from outside the pod.
    ...(password === undefined ? ['protected-mode no'] : ['protected-mode yes', `requirepass ${quoted(password)}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** `redis-cli` takes the password from this variable, where no list of processes shows it. */
function passwordForProbes(secretName: string): NonNullable<Container['env']>[number] {
  return { name: 'REDISCLI_AUTH', valueFrom: { secretKeyRef: { name: secretName, key: 'password' } } };
}

/** `redis-cli` ends with 0 whatever the answer is, and says on stderr that there was none. */
const answers = (pattern: string) => ({
  exec: { command: ['sh', '-c', `redis-cli -p ${clientPorts.redis} ping | grep -qE '${pattern}'`] },
});

/** Any at all. */
const something = '.';

/**
 * A server that loads its file, runs a long script or cannot write to its disk refuses commands, but must not be killed for it:
 * it would load the whole file again, and refuse the same afterwards.
 */
const probes: { readonly [each in 'startupProbe' | 'readinessProbe' | 'livenessProbe']: Probe } = {
  startupProbe: { ...answers(something), periodSeconds: 2, failureThreshold: 30, timeoutSeconds: 3 },
  readinessProbe: { ...answers('PONG'), periodSeconds: 5, failureThreshold: 3, timeoutSeconds: 3 },
  livenessProbe: { ...answers(something), periodSeconds: 10, failureThreshold: 6, timeoutSeconds: 5 },
};
