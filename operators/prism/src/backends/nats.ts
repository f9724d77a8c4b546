import type { Probe } from '@capstan/kube';
import { backendHeadless, backendName, namespaceOf } from '../names.ts';
import { clientPorts } from './connection.ts';
import type { Credentials } from './credentials.ts';
import { quoted } from './quoted.ts';
import { type BackendServer, podNameVariable, type ServerContext } from './server.ts';

const configDirectory = '/etc/nats-config';
const dataDirectory = '/data';
const configFile = 'nats.conf';
const routePort = 6222;
const monitorPort = 8222;

/**
 * The nats-servers; three and more of them are one cluster. With storage they keep JetStream's streams, without it there is
 * no JetStream and nothing is written.
 */
export function natsServer(context: ServerContext): BackendServer {
  const { backend } = context;
  return {
    server: 'nats',
    replicas: backend.replicas,
    // The image names no user, and the server needs none.
    runAs: { uid: 1000, gid: 1000 },
    ports: [
      { name: 'nats', port: clientPorts.nats },
      { name: 'routes', port: routePort, isForPeers: true },
      { name: 'monitor', port: monitorPort, isForPeers: true },
    ],
    container: {
      // Options alone: the image that `latest` means is the program and nothing else, at a place of its own.
      args: ['--config', `${configDirectory}/${configFile}`, '--name', '$(POD_NAME)'],
      env: [podNameVariable],
      ...probes,
    },
    data: backend.storage === undefined ? undefined : { directory: dataDirectory, size: backend.storage },
    scratch: [],
    // Not where the image has its own file, which some variants would go on to read.
    files: { directory: configDirectory, contents: { [configFile]: natsConfig(context) }, areSecret: true },
    stopSeconds: 30,
    resources: { requests: { cpu: '20m', memory: '32Mi' }, limits: { memory: '256Mi' } },
  };
}

function natsConfig(context: ServerContext): string {
  const { backend, credentials } = context;
  return [
    `port: ${clientPorts.nats}`,
    `http_port: ${monitorPort}`,
    'max_payload: 1MB',
    `authorization { ${login(credentials)} }`,
    ...(backend.storage === undefined ? [] : [jetStream]),
    ...(backend.replicas === 1 ? [] : clusterLines(context)),
    '',
  ].join('\n');
}

/** Streams in memory are bounded, for unless told a server takes three quarters of what its node has. */
const jetStream = `jetstream { store_dir: ${quoted(dataDirectory)}, max_memory_store: 64MB }`;

/** Routes ask for the same login as clients: another server that says it belongs to the cluster is not let in. */
function clusterLines({ cluster, backend, credentials }: ServerContext): readonly string[] {
  const name = backendName(cluster, 'nats');
  const domain = `${backendHeadless(cluster, 'nats')}.${namespaceOf(cluster)}.svc`;
  const { username = '', password = '' } = credentials;
  const user = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
  const routes = Array.from(
    { length: backend.replicas },
    (_, ordinal) => `    ${quoted(`nats-route://${user}@${name}-${ordinal}.${domain}:${routePort}`)}`,
  );
  return [
    'cluster {',
    `  name: ${quoted(name)}`,
    `  port: ${routePort}`,
    `  authorization { ${login(credentials)} }`,
    '  routes: [',
    ...routes,
    '  ]',
    '}',
  ];
}

function login({ username = '', password = '' }: Credentials): string {
  return `user: ${quoted(username)}, password: ${quoted(password)}`;
}

const healthy = (path: string) => ({ httpGet: { path, port: 'monitor' } });

/** A server that has just started serves once its streams have caught up, so that a roll-out never has two copies behind. */
const probes: { readonly [each in 'startupProbe' | 'readinessProbe' | 'livenessProbe']: Probe } = {
  startupProbe: { ...healthy('/healthz'), periodSeconds: 5, failureThreshold: 180, timeoutSeconds: 3 },
  readinessProbe: {
    ...healthy('/healthz?js-server-only=true'),
    ...{ periodSeconds: 5, failureThreshold: 3, timeoutSeconds: 3 },
  },
  livenessProbe: { ...healthy('/'), periodSeconds: 10, failureThreshold: 6, timeoutSeconds: 5 },
};
