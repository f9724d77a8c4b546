import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts } from './free-ports.ts';
import type { Java } from './java.ts';
import { createKeyStore } from './key-store.ts';
import {
  commonProperties,
  coordinatorProperties,
  indexerProperties,
  kafkaProperties,
  propertiesText,
  routerProperties,
  type ServerSettings,
  zooKeeperProperties,
} from './server-properties.ts';

const SETTINGS_FILE = 'settings.json';

/** What an instance is made of, as settled at its first start. */
export interface InstanceSettings extends ServerSettings {
  /** Of the router's certificate, PEM; undefined without TLS. */
  readonly ca: string | undefined;
}

/** Gives the settings of an earlier run in `dir`, so that ports and passwords stay, or makes new ones and keeps them there. */
export async function settingsIn(
  dir: string,
  java: Java,
  wanted: { readonly security: boolean; readonly tls: boolean },
): Promise<InstanceSettings> {
  const file = join(dir, SETTINGS_FILE);
  const before = await readFile(file, 'utf8').catch(() => undefined);
  // Written by this function, in a directory only we can enter.
  const kept = before === undefined ? undefined : (JSON.parse(before) as InstanceSettings);
  const password = (): string => randomBytes(18).toString('base64url');
  const logins = {
    admin: { user: 'admin', password: password() },
    internal: { user: 'druid_system', password: password() },
  };
  const made = wanted.tls && kept?.keyStore === undefined ? await createKeyStore(java, dir, password()) : undefined;
  const settings: InstanceSettings = {
    dataDir: join(dir, 'data'),
    ports: kept?.ports ?? (await pickPorts()),
    logins: wanted.security ? (kept?.logins ?? logins) : undefined,
    keyStore: wanted.tls ? (kept?.keyStore ?? made) : undefined,
    ca: wanted.tls ? (kept?.ca ?? made?.ca) : undefined,
  };
  await writeFile(file, JSON.stringify(settings), { mode: 0o600 });
  return settings;
}

async function pickPorts(): Promise<ServerSettings['ports']> {
  const ports = await freePorts(8);
  const [
    zooKeeper = 0,
    derby = 0,
    coordinator = 0,
    router = 0,
    routerTls = 0,
    indexer = 0,
    kafka = 0,
    kafkaController = 0,
  ] = ports;
  return { zooKeeper, derby, coordinator, router, routerTls, indexer, kafka, kafkaController };
}

/** Where the configuration of each process is. */
export interface ConfigurationPaths {
  readonly common: string;
  readonly coordinator: string;
  readonly router: string;
  readonly indexer: string;
  readonly zooKeeper: string;
  /** A properties file; the directory of its name holds what Kafka logs. */
  readonly kafka: string;
}

/** Writes the configuration of every process below `dir`, and makes the directories they expect. */
export async function writeConfiguration(dir: string, settings: ServerSettings): Promise<ConfigurationPaths> {
  const paths: ConfigurationPaths = {
    common: join(dir, 'conf', 'common'),
    coordinator: join(dir, 'conf', 'coordinator'),
    router: join(dir, 'conf', 'router'),
    indexer: join(dir, 'conf', 'indexer'),
    zooKeeper: join(dir, 'conf', 'zookeeper.properties'),
    kafka: join(dir, 'conf', 'kafka', 'server.properties'),
  };
  const made = [paths.common, paths.coordinator, paths.router, paths.indexer, join(dir, 'conf', 'kafka')];
  const expected = ['data', 'data/zookeeper', 'logs', 'tmp'].map((name) => join(dir, name));
  await Promise.all([...made, ...expected].map((path) => mkdir(path, { recursive: true, mode: 0o700 })));
  const files: readonly (readonly [string, string])[] = [
    [join(paths.common, 'common.runtime.properties'), propertiesText(commonProperties(settings))],
    [join(paths.common, 'log4j2.xml'), DRUID_LOGGING],
    [join(paths.coordinator, 'runtime.properties'), propertiesText(coordinatorProperties(settings))],
    [join(paths.router, 'runtime.properties'), propertiesText(routerProperties(settings))],
    [join(paths.indexer, 'runtime.properties'), propertiesText(indexerProperties(settings))],
    [paths.zooKeeper, propertiesText(zooKeeperProperties(settings))],
    [paths.kafka, propertiesText(kafkaProperties(settings))],
    [join(dir, 'conf', 'kafka', 'log4j.properties'), KAFKA_LOGGING],
  ];
  await Promise.all(files.map(([path, text]) => writeFile(path, text, { mode: 0o600 })));
  return paths;
}

const DRUID_LOGGING = `<?xml version="1.0" encoding="UTF-8"?>
<Configuration status="WARN">
  <Appenders>
    <Console name="Out" target="SYSTEM_OUT">
      <PatternLayout pattern="%d{ISO8601} %p [%t] %c{1} - %m%n"/>
    </Console>
  </Appenders>
  <Loggers>
    <Root level="info">
      <AppenderRef ref="Out"/>
    </Root>
  </Loggers>
</Configuration>
`;

const KAFKA_LOGGING = `log4j.rootLogger=WARN, out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=[%d] %p %m (%c)%n
`;
