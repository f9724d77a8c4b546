import { dirname, join } from 'node:path';
import type { DruidProcessName, Launch } from './druid-processes.ts';
import type { ConfigurationPaths } from './instance-settings.ts';
import { JVM_FLAGS } from './server-properties.ts';

/** Where the jars of each set are; undefined for what was not asked for. */
export interface JarPaths {
  readonly server: string;
  readonly kafka: string | undefined;
  readonly security: string | undefined;
}

/** What every program of an instance is started with. */
export interface LaunchSettings {
  readonly java: string;
  readonly dir: string;
  readonly jars: JarPaths;
  readonly configuration: ConfigurationPaths;
}

/** Compiling less well starts faster, and nothing here runs for long. */
const QUICK = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/** How each process of an instance is started. */
export function launches(settings: LaunchSettings): Readonly<Record<DruidProcessName, Launch>> {
  const { java, configuration } = settings;
  const program = (...args: string[]): Launch => ({ command: java, args });
  const zooKeeper = 'org.apache.zookeeper.server.ZooKeeperServerMain';
  const logging = `-Dlog4j.configuration=file:${join(dirname(configuration.kafka), 'log4j.properties')}`;
  return {
    zookeeper: program('-Xmx96m', ...QUICK, '-cp', classPath(settings, []), zooKeeper, configuration.zooKeeper),
    kafka: program('-Xmx384m', ...QUICK, logging, '-cp', kafkaClassPath(settings), 'kafka.Kafka', configuration.kafka),
    coordinator: program(...serverArguments(settings, configuration.coordinator, '-Xmx1g'), 'coordinator'),
    indexer: program(...serverArguments(settings, configuration.indexer, '-Xmx768m'), 'indexer'),
    router: program(...serverArguments(settings, configuration.router, '-Xmx384m'), 'router'),
  };
}

/** The class path of Kafka and of its tools. */
export function kafkaClassPath({ jars, configuration }: Pick<LaunchSettings, 'jars' | 'configuration'>): string {
  return [dirname(configuration.kafka), join(jars.kafka ?? '', '*')].join(':');
}

function serverArguments(settings: LaunchSettings, own: string, heap: string): readonly string[] {
  const memory = ['-Xms128m', heap, '-XX:MaxDirectMemorySize=256m', '-XX:TieredStopAtLevel=1'];
  const temporary = `-Djava.io.tmpdir=${join(settings.dir, 'tmp')}`;
  const path = classPath(settings, [own]);
  return [...JVM_FLAGS, ...memory, temporary, '-cp', path, 'org.apache.druid.cli.Main', 'server'];
}

function classPath({ jars, configuration }: LaunchSettings, own: readonly string[]): string {
  const libraries = [jars.server, jars.security].filter((jar) => jar !== undefined).map((jar) => join(jar, '*'));
  return [configuration.common, ...own, ...libraries].join(':');
}
