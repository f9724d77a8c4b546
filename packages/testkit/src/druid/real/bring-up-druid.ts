import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DruidOptions, RealDruid } from '../real-druid.ts';
import { DruidError } from './druid-error.ts';
import { DruidProcesses, isListening } from './druid-processes.ts';
import { claimDirectory, type InstanceDirectory, releaseDirectory } from './instance-directory.ts';
import { settingsIn, writeConfiguration } from './instance-settings.ts';
import { DRUID_VERSION, provideJars } from './jars.ts';
import { findJava, type Java, WANTED_JAVA } from './java.ts';
import { KafkaTools } from './kafka-tools.ts';
import { type JarPaths, kafkaClassPath, launches } from './launches.ts';
import { type DruidParts, RunningDruid } from './running-druid.ts';
import type { DruidPorts } from './server-properties.ts';
import { StartSteps } from './start-steps.ts';

/** Does what `startDruid` promises. */
export async function bringUpDruid(options: DruidOptions): Promise<RealDruid> {
  options.signal?.throwIfAborted();
  const java = await requireJava();
  const steps = new StartSteps(3, options.onProgress);
  const jars = await steps.run(`Getting Druid ${DRUID_VERSION}`, () => jarsFor(options));
  const directory = await claimDirectory(options.dir);
  const processes = new DruidProcesses(directory.dir);
  try {
    const parts = await prepare(options, { java, jars, directory, processes });
    const druid = new RunningDruid(parts);
    await steps.run('Starting what Druid needs', () => druid.startFoundations());
    await steps.run('Starting Druid', () => druid.startServers());
    return druid;
  } catch (error) {
    await processes.endAll();
    await releaseDirectory(directory);
    throw error;
  }
}

async function requireJava(): Promise<Java> {
  const java = await findJava();
  if (java?.major === WANTED_JAVA) return java;
  const found = java === undefined ? 'none was found' : `Java ${java.major} was found`;
  throw new DruidError(
    'Missing',
    `Druid ${DRUID_VERSION} needs Java ${WANTED_JAVA}, and ${found}: install it, or set JAVA_HOME`,
  );
}

/** One after another: Maven's own cache is not made for two at a time. */
async function jarsFor({ kafka, security, signal }: DruidOptions): Promise<JarPaths> {
  const server = await provideJars('server', signal);
  return {
    server,
    kafka: kafka === true ? await provideJars('kafka', signal) : undefined,
    security: security === 'basic' ? await provideJars('basic-security', signal) : undefined,
  };
}

interface Found {
  readonly java: Java;
  readonly jars: JarPaths;
  readonly directory: InstanceDirectory;
  readonly processes: DruidProcesses;
}

async function prepare(options: DruidOptions, { java, jars, directory, processes }: Found): Promise<DruidParts> {
  const { dir } = directory;
  const wanted = { security: options.security === 'basic', tls: options.tls === true };
  const settings = await settingsIn(dir, java, wanted);
  await requireFreePorts(settings.ports);
  const configuration = await writeConfiguration(dir, settings);
  await mkdir(join(dir, 'logs'), { recursive: true });
  const launch = launches({ java: java.java, dir, jars, configuration });
  const kafkaTools =
    jars.kafka === undefined ? undefined : new KafkaTools(java.java, kafkaClassPath({ jars, configuration }), dir);
  return { settings, directory, processes, launch, kafkaTools, configuration, signal: options.signal };
}

/** Ports kept from an earlier run may be somebody else's by now, and Druid says so only after two minutes. */
async function requireFreePorts(ports: DruidPorts): Promise<void> {
  for (const port of Object.values(ports).flat()) {
    if (!(await isListening(port))) continue;
    throw new DruidError(
      'StartFailed',
      `port ${port} of 127.0.0.1 is in use: end what listens there, or use another directory`,
    );
  }
}
