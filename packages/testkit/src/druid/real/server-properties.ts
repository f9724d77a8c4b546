import { join } from 'node:path';
import type { Login } from '../druid-call.ts';
import { SECURITY_NAME } from '../druid-users.ts';

/** The TCP ports of one instance, all on 127.0.0.1. */
export interface DruidPorts {
  readonly zooKeeper: number;
  readonly derby: number;
  readonly coordinator: number;
  readonly router: number;
  readonly routerTls: number;
  readonly kafka: number;
  readonly kafkaController: number;
  readonly indexer: number;
}

/** What the properties of a server depend on. */
export interface ServerSettings {
  /** Where data goes. */
  readonly dataDir: string;
  readonly ports: DruidPorts;
  /** Druid's own administrator and the user its processes act as; undefined without security. */
  readonly logins: { readonly admin: Login; readonly internal: Login } | undefined;
  /** Where the router's PKCS #12 key store is and what opens it; undefined without TLS. */
  readonly keyStore: { readonly path: string; readonly password: string } | undefined;
}

/** Properties by name, as Java reads them. */
export type Properties = Readonly<Record<string, string | number | boolean>>;

/** JVM flags that Druid 33 needs on Java 17; a task needs the same. */
export const JVM_FLAGS: readonly string[] = [
  '-server',
  '-XX:+UseSerialGC',
  '-XX:+ExitOnOutOfMemoryError',
  '-Duser.timezone=UTC',
  '-Dfile.encoding=UTF-8',
  '-Djava.util.logging.manager=org.apache.logging.log4j.jul.LogManager',
  ...['java.base/jdk.internal.misc', 'java.base/jdk.internal.ref'].map((name) => `--add-exports=${name}=ALL-UNNAMED`),
  ...[
    'java.base/java.nio',
    'java.base/sun.nio.ch',
    'java.base/jdk.internal.ref',
    'java.base/java.io',
    'java.base/java.lang',
    'jdk.management/com.sun.management.internal',
  ].map((name) => `--add-opens=${name}=ALL-UNNAMED`),
];

/** What every Druid process is told. All extensions are on the class path, none in a directory of its own. */
export function commonProperties(settings: ServerSettings): Properties {
  const { dataDir, ports } = settings;
  const derby = `127.0.0.1:${ports.derby}`;
  return {
    'druid.extensions.searchCurrentClassloader': true,
    'druid.extensions.loadList': '[]',
    'druid.host': '127.0.0.1',
    'druid.bindOnHost': true,
    'druid.zk.service.host': `127.0.0.1:${ports.zooKeeper}`,
    'druid.metadata.storage.type': 'derby',
    'druid.metadata.storage.connector.connectURI': `jdbc:derby://${derby}${join(dataDir, 'metadata')};create=true`,
    'druid.metadata.storage.connector.host': '127.0.0.1',
    'druid.metadata.storage.connector.port': ports.derby,
    'druid.storage.type': 'local',
    'druid.storage.storageDirectory': join(dataDir, 'segments'),
    'druid.indexer.logs.type': 'file',
    'druid.indexer.logs.directory': join(dataDir, 'task-logs'),
    'druid.selectors.indexing.serviceName': 'druid/overlord',
    'druid.selectors.coordinator.serviceName': 'druid/coordinator',
    'druid.monitoring.monitors': '[]',
    'druid.emitter': 'noop',
    'druid.startup.logging.logProperties': false,
    'druid.sql.enable': false,
    'druid.lookup.enableLookupSyncOnStartup': false,
    'druid.server.http.numThreads': 24,
    'druid.global.http.numMaxThreads': 24,
    ...securityProperties(settings),
  };
}

/** The coordinator that is the overlord as well. Tasks run elsewhere: a supervisor cannot reach those that its own process forks. */
export function coordinatorProperties({ ports }: ServerSettings): Properties {
  return {
    'druid.service': 'druid/coordinator',
    'druid.plaintextPort': ports.coordinator,
    'druid.coordinator.asOverlord.enabled': true,
    'druid.coordinator.asOverlord.overlordService': 'druid/overlord',
    'druid.coordinator.startDelay': 'PT2S',
    'druid.coordinator.period': 'PT5S',
    'druid.indexer.queue.startDelay': 'PT1S',
    'druid.indexer.runner.type': 'httpRemote',
    'druid.indexer.storage.type': 'metadata',
  };
}

/** The indexer, which runs tasks as threads of its own. */
export function indexerProperties({ dataDir, ports, logins }: ServerSettings): Properties {
  return {
    'druid.service': 'druid/indexer',
    'druid.plaintextPort': ports.indexer,
    'druid.worker.capacity': 4,
    'druid.indexer.task.baseTaskDir': join(dataDir, 'tasks'),
    'druid.indexer.task.gracefulShutdownTimeout': 'PT2S',
    'druid.processing.buffer.sizeBytes': 10_000_000,
    'druid.processing.numThreads': 1,
    'druid.processing.numMergeBuffers': 1,
    ...(logins === undefined ? {} : usersFromMetadata()),
  };
}

/** The router, which hands requests on to whichever coordinator and overlord lead. */
export function routerProperties({ ports, keyStore, logins }: ServerSettings): Properties {
  return {
    'druid.service': 'druid/router',
    'druid.plaintextPort': ports.router,
    'druid.router.http.numConnections': 24,
    'druid.router.http.numMaxThreads': 24,
    'druid.router.http.readTimeout': 'PT5M',
    'druid.router.defaultBrokerServiceName': 'druid/broker',
    'druid.router.coordinatorServiceName': 'druid/coordinator',
    'druid.router.managementProxy.enabled': true,
    ...(logins === undefined ? {} : usersFromMetadata()),
    ...(keyStore === undefined ? {} : tlsProperties(ports, keyStore)),
  };
}

/** The one Kafka broker, its own controller. */
export function kafkaProperties({ dataDir, ports }: ServerSettings): Properties {
  const [broker, controller] = [`127.0.0.1:${ports.kafka}`, `127.0.0.1:${ports.kafkaController}`];
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${controller}`,
    listeners: `PLAINTEXT://${broker},CONTROLLER://${controller}`,
    'advertised.listeners': `PLAINTEXT://${broker}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': join(dataDir, 'kafka'),
    'num.partitions': 1,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'log.cleaner.dedupe.buffer.size': 8_388_608,
  };
}

/** ZooKeeper, through which the processes of Druid find each other. */
export function zooKeeperProperties({ dataDir, ports }: ServerSettings): Properties {
  return {
    tickTime: 2_000,
    dataDir: join(dataDir, 'zookeeper'),
    clientPort: ports.zooKeeper,
    clientPortAddress: '127.0.0.1',
    'admin.enableServer': false,
    maxClientCnxns: 0,
  };
}

/** The text of a properties file. A backslash would begin an escape there. */
export function propertiesText(properties: Properties): string {
  const lines = Object.entries(properties).map(([name, value]) => `${name}=${String(value).replaceAll('\\', '\\\\')}`);
  return `${lines.join('\n')}\n`;
}

function securityProperties({ logins }: ServerSettings): Properties {
  if (logins === undefined) return {};
  const authenticator = `druid.auth.authenticator.${SECURITY_NAME}`;
  return {
    'druid.auth.authenticatorChain': JSON.stringify([SECURITY_NAME]),
    [`${authenticator}.type`]: 'basic',
    [`${authenticator}.initialAdminPassword`]: logins.admin.password,
    [`${authenticator}.initialInternalClientPassword`]: logins.internal.password,
    [`${authenticator}.credentialsValidator.type`]: 'metadata',
    [`${authenticator}.skipOnFailure`]: false,
    [`${authenticator}.authorizerName`]: SECURITY_NAME,
    'druid.escalator.type': 'basic',
    'druid.escalator.internalClientUsername': logins.internal.user,
    'druid.escalator.internalClientPassword': logins.internal.password,
    'druid.escalator.authorizerName': SECURITY_NAME,
    'druid.auth.authorizers': JSON.stringify([SECURITY_NAME]),
    [`druid.auth.authorizer.${SECURITY_NAME}.type`]: 'basic',
  };
}

/*
 * The extension is newer than the server, and outside the coordinator asks it for the users over a client that this server does
 * not have. So router and tasks read them where the coordinator keeps them, by the classes that the coordinator uses.
 */
function usersFromMetadata(): Properties {
  const places = { authenticator: 'authentication', authorizer: 'authorization' };
  const entries = Object.entries(places).flatMap(([noun, place]) => {
    const Noun = noun === 'authenticator' ? 'Authenticator' : 'Authorizer';
    const [base, name] = [`org.apache.druid.security.basic.${place}.db`, `druid.auth.basic.composition.${noun}`];
    return [
      [`${name}CacheManager`, `${base}.cache.MetadataStoragePollingBasic${Noun}CacheManager`],
      [`${name}MetadataStorageUpdater`, `${base}.updater.CoordinatorBasic${Noun}MetadataStorageUpdater`],
    ];
  });
  return {
    ...Object.fromEntries(entries),
    'druid.auth.basic.common.pollingPeriod': 1_000,
    'druid.auth.basic.common.maxRandomDelay': 100,
  };
}

function tlsProperties(ports: DruidPorts, keyStore: { readonly path: string; readonly password: string }): Properties {
  return {
    'druid.enableTlsPort': true,
    'druid.tlsPort': ports.routerTls,
    'druid.server.https.keyStorePath': keyStore.path,
    'druid.server.https.keyStoreType': 'PKCS12',
    'druid.server.https.keyStorePassword': keyStore.password,
    'druid.server.https.certAlias': 'druid',
  };
}
