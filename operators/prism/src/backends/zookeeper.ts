import type { Probe } from '@capstan/kube';
import { backendHeadless, backendName, namespaceOf } from '../names.ts';
import { type BackendServer, defaultVolumeSize, podIndexVariable, type ServerContext } from './server.ts';

const clientPort = 2181;
const peerPort = 2888;
const electionPort = 3888;
const configDirectory = '/conf';
const configFile = 'zoo.cfg';

/**
 * The ZooKeeper of a Kafka in mode `ZooKeeper`: one for one broker, else three. Each has the number of its pod, which starts at 1
 * because ZooKeeper's does.
 */
export function zookeeperServer(context: ServerContext): BackendServer {
  return {
    server: 'zookeeper',
    replicas: members(context).length,
    firstOrdinal: 1,
    // The image's user.
    runAs: { uid: 1000, gid: 1000 },
    ports: [
      { name: 'zookeeper', port: clientPort },
      { name: 'peers', port: peerPort, isForPeers: true },
      { name: 'election', port: electionPort, isForPeers: true },
    ],
    container: {
      env: [
        podIndexVariable,
        { name: 'ZOO_MY_ID', value: '$(POD_INDEX)' },
        // In MiB; its scripts would take 1000 whatever the limit is.
        { name: 'ZK_SERVER_HEAP', value: '256' },
      ],
      ...probes,
    },
    data: { directory: '/data', size: defaultVolumeSize },
    scratch: ['/logs', '/tmp'],
    // The directory has the image's own settings for its log, which must stay.
    files: {
      directory: configDirectory,
      contents: { [configFile]: zookeeperConfig(context) },
      areSecret: false,
      isMountedByFile: true,
    },
    stopSeconds: 30,
    resources: { requests: { cpu: '50m', memory: '192Mi' }, limits: { memory: '512Mi' } },
  };
}

/** Where brokers find it: host and port of each member. */
export function zookeeperAddresses(context: ServerContext): readonly string[] {
  return members(context).map(({ host }) => `${host}:${clientPort}`);
}

function zookeeperConfig(context: ServerContext): string {
  const all = members(context);
  return [
    'dataDir=/data',
    'tickTime=2000',
    'initLimit=10',
    'syncLimit=5',
    `clientPort=${clientPort}`,
    'admin.enableServer=false',
    '4lw.commands.whitelist=ruok,srvr',
    'autopurge.purgeInterval=1',
    ...(all.length === 1 ? [] : all.map(({ id, host }) => `server.${id}=${host}:${peerPort}:${electionPort}`)),
    '',
  ].join('\n');
}

function members({ cluster, backend }: ServerContext): readonly { readonly id: number; readonly host: string }[] {
  const name = backendName(cluster, 'zookeeper');
  const domain = `${backendHeadless(cluster, 'zookeeper')}.${namespaceOf(cluster)}.svc`;
  const count = backend.replicas === 1 ? 1 : 3;
  return Array.from({ length: count }, (_, index) => ({ id: index + 1, host: `${name}-${index + 1}.${domain}` }));
}

/** Bash opens the connection, for not every variant of the image has a program that does. */
const answers = (word: string, pattern: string) => ({
  exec: {
    command: ['bash', '-c', `exec 3<>/dev/tcp/127.0.0.1/${clientPort} && echo ${word} >&3 && grep -q '${pattern}' <&3`],
  },
});

/** A member without a quorum lives, and serves nobody. */
const probes: { readonly [each in 'startupProbe' | 'readinessProbe' | 'livenessProbe']: Probe } = {
  startupProbe: { ...answers('ruok', 'imok'), periodSeconds: 2, failureThreshold: 60, timeoutSeconds: 5 },
  readinessProbe: { ...answers('srvr', '^Mode: '), periodSeconds: 5, failureThreshold: 3, timeoutSeconds: 5 },
  livenessProbe: { ...answers('ruok', 'imok'), periodSeconds: 10, failureThreshold: 6, timeoutSeconds: 5 },
};
