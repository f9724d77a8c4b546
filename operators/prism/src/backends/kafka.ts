import type { Container, Probe } from '@capstan/kube';
import { backendHeadless, backendName, namespaceOf } from '../names.ts';
import { clientPorts } from './connection.ts';
import {
  type BackendServer,
  defaultVolumeSize,
  podIndexVariable,
  podNameVariable,
  type ServerContext,
} from './server.ts';
import { zookeeperAddresses } from './zookeeper.ts';

type Variables = NonNullable<Container['env']>;

const volume = '/var/lib/kafka/data';
/** Not the volume itself: Kafka takes a lost+found there for the remains of a topic, and does not start. */
const dataDirectory = `${volume}/log`;
const logDirectory = '/opt/kafka/logs';
const configDirectory = '/etc/kafka-config';
const configFile = 'server.properties';
const controllerPort = 9093;

/**
 * The brokers, each one a controller too (KRaft). Who the controllers are is written into their volumes at the first start, so
 * that their number can never change.
 *
 * The image makes a configuration of the variables and formats the volume; for that it needs its own directory of
 * configurations to be writable.
 */
export function kafkaServer(context: ServerContext): BackendServer {
  const shared = brokers(context);
  return {
    ...shared,
    ports: [...shared.ports, { name: 'controller', port: controllerPort, isForPeers: true }],
    container: { env: kraftVariables(context), ...probes },
    scratch: ['/opt/kafka/config', logDirectory, '/tmp'],
  };
}

/** Brokers of a Kafka below 4 with a ZooKeeper. What the image does at start is for KRaft only, so Kafka is started without it. */
export function zookeeperKafkaServer(context: ServerContext): BackendServer {
  const overridden = [
    `broker.id=$(POD_INDEX)`,
    `advertised.listeners=PLAINTEXT://${ownHost(context)}:${clientPorts.kafka}`,
  ];
  return {
    ...brokers(context),
    container: {
      command: ['/opt/kafka/bin/kafka-server-start.sh'],
      args: [`${configDirectory}/${configFile}`, ...overridden.flatMap((property) => ['--override', property])],
      env: [podNameVariable, podIndexVariable, heap],
      ...probes,
    },
    scratch: [logDirectory, '/tmp'],
    files: {
      directory: configDirectory,
      contents: { [configFile]: propertiesText(zookeeperProperties(context)) },
      areSecret: false,
    },
  };
}

/** What brokers have in common, whoever keeps their metadata. */
function brokers({ backend }: ServerContext): Omit<BackendServer, 'container' | 'scratch'> {
  return {
    server: 'kafka',
    replicas: backend.replicas,
    // The image's user.
    runAs: { uid: 1000, gid: 1000 },
    ports: [{ name: 'kafka', port: clientPorts.kafka }],
    data: { directory: volume, size: backend.storage ?? defaultVolumeSize },
    // It hands its partitions to the others first.
    stopSeconds: 120,
    resources: { requests: { cpu: '100m', memory: '768Mi' }, limits: { memory: '1536Mi' } },
  };
}

/** A share of the limit, of the node where there is none; the scripts of Kafka would take 1 GiB whatever the limit is. */
const heap = { name: 'KAFKA_HEAP_OPTS', value: '-XX:InitialRAMPercentage=40 -XX:MaxRAMPercentage=50' };

/** Every variable that starts with `KAFKA_` is a property to the image: `KAFKA_NODE_ID` is `node.id`. */
function kraftVariables(context: ServerContext): Variables {
  const properties = Object.entries({
    ...topicProperties(context),
    'process.roles': 'broker,controller',
    'node.id': '$(POD_INDEX)',
    listeners: `PLAINTEXT://:${clientPorts.kafka},CONTROLLER://:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://${ownHost(context)}:${clientPorts.kafka}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.quorum.voters': voters(context).join(','),
  }).map(([property, value]) => ({ name: `KAFKA_${property.toUpperCase().replaceAll('.', '_')}`, value }));
  const { secretName } = context;
  return [
    podNameVariable,
    podIndexVariable,
    ...(secretName === undefined
      ? []
      : [{ name: 'CLUSTER_ID', valueFrom: { secretKeyRef: { name: secretName, key: 'clusterId' } } }]),
    heap,
    ...properties,
  ];
}

type Properties = Readonly<Record<string, string>>;

function zookeeperProperties(context: ServerContext): Properties {
  return {
    ...topicProperties(context),
    listeners: `PLAINTEXT://:${clientPorts.kafka}`,
    'zookeeper.connect': zookeeperAddresses(context).join(','),
  };
}

/** As many copies as there are brokers, three at most, of which all but one must have taken a record. */
function topicProperties({ backend: { replicas } }: ServerContext): Properties {
  const copies = Math.min(3, replicas);
  const taken = Math.max(1, copies - 1);
  return {
    'log.dirs': dataDirectory,
    'default.replication.factor': `${copies}`,
    'min.insync.replicas': `${taken}`,
    'offsets.topic.replication.factor': `${copies}`,
    'transaction.state.log.replication.factor': `${copies}`,
    'transaction.state.log.min.isr': `${taken}`,
  };
}

/** The controllers: all of the brokers, by their names. */
function voters(context: ServerContext): readonly string[] {
  const name = backendName(context.cluster, 'kafka');
  return Array.from(
    { length: context.backend.replicas },
    (_, ordinal) => `${ordinal}@${name}-${ordinal}.${domain(context)}:${controllerPort}`,
  );
}

/** The name of the broker that reads this, once the kubelet has put its pod's name in. */
function ownHost(context: ServerContext): string {
  return `$(POD_NAME).${domain(context)}`;
}

function domain({ cluster }: ServerContext): string {
  return `${backendHeadless(cluster, 'kafka')}.${namespaceOf(cluster)}.svc`;
}

function propertiesText(properties: Properties): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** A broker opens this port when it has the metadata and is one of the cluster; its own tools would start a JVM each time. */
const listens = { tcpSocket: { port: 'kafka' } };

const probes: { readonly [each in 'startupProbe' | 'readinessProbe' | 'livenessProbe']: Probe } = {
  startupProbe: { ...listens, periodSeconds: 5, failureThreshold: 60, timeoutSeconds: 3 },
  readinessProbe: { ...listens, periodSeconds: 5, failureThreshold: 3, timeoutSeconds: 3 },
  livenessProbe: { ...listens, periodSeconds: 10, failureThreshold: 6, timeoutSeconds: 5 },
};
