import { join } from 'node:path';
import { callDruid, type DruidTarget, jsonOf, type Login } from '../druid-call.ts';
import { DruidUsers } from '../druid-users.ts';
import type { RealDruid, RealKafka } from '../real-druid.ts';
import { type DruidProcesses, type DruidProcessName, isListening, type Launch } from './druid-processes.ts';
import { type InstanceDirectory, releaseDirectory } from './instance-directory.ts';
import type { ConfigurationPaths, InstanceSettings } from './instance-settings.ts';
import type { KafkaTools } from './kafka-tools.ts';

/** Everything an instance consists of. */
export interface DruidParts {
  readonly settings: InstanceSettings;
  readonly directory: InstanceDirectory;
  readonly processes: DruidProcesses;
  readonly launch: Readonly<Record<DruidProcessName, Launch>>;
  /** Undefined without Kafka. */
  readonly kafkaTools: KafkaTools | undefined;
  readonly configuration: ConfigurationPaths;
  /** Of the start. */
  readonly signal: AbortSignal | undefined;
}

/** What answers once overlord and coordinator lead and the router has found them. */
const PROBES = ['/druid/indexer/v1/supervisor', '/druid/coordinator/v1/rules'];

/** The {@link RealDruid} that `startDruid` gives. */
export class RunningDruid implements RealDruid {
  readonly kafka: RealKafka | undefined;
  readonly users: DruidUsers | undefined;
  readonly #parts: DruidParts;
  #stopping: Promise<void> | undefined;

  constructor(parts: DruidParts) {
    this.#parts = parts;
    this.kafka = parts.kafkaTools === undefined ? undefined : this.#kafkaWith(parts.kafkaTools);
    const [coordinator, router] = [
      { url: this.coordinator, login: this.admin },
      { url: this.router, ca: this.ca },
    ];
    const hasUsers = parts.settings.logins !== undefined;
    this.users = hasUsers
      ? new DruidUsers(
          () => coordinator,
          () => router,
        )
      : undefined;
  }

  get router(): string {
    const { ports, keyStore } = this.#parts.settings;
    return keyStore === undefined ? loopback(ports.router) : `https://127.0.0.1:${ports.routerTls}`;
  }
  get overlord(): string {
    return this.coordinator;
  }
  get coordinator(): string {
    return loopback(this.#parts.settings.ports.coordinator);
  }
  get ca(): string | undefined {
    return this.#parts.settings.ca;
  }
  get admin(): Login | undefined {
    return this.#parts.settings.logins?.admin;
  }
  get logs(): string {
    return join(this.#parts.directory.dir, 'logs');
  }
  get pids(): Readonly<Record<string, number>> {
    return this.#parts.processes.pids;
  }

  /** Starts ZooKeeper, and Kafka where it was asked for. */
  async startFoundations(): Promise<void> {
    const { kafkaTools, configuration } = this.#parts;
    const prepareKafka = async (): Promise<void> => {
      await kafkaTools?.format(configuration.kafka);
      await this.kafka?.start();
    };
    await Promise.all([this.#startListening('zookeeper', this.#parts.settings.ports.zooKeeper), prepareKafka()]);
  }

  /** Starts coordinator and router, and waits until the router hands requests on. */
  async startServers(): Promise<void> {
    const { processes, launch, settings } = this.#parts;
    await processes.start('coordinator', launch.coordinator);
    // Both would write the first users, and the second to do so ends.
    if (settings.logins !== undefined) await this.#untilCoordinatorAnswers();
    await Promise.all([processes.start('router', launch.router), processes.start('indexer', launch.indexer)]);
    await this.#untilReady();
  }

  async stopOverlord(how: 'stop' | 'kill' = 'stop'): Promise<void> {
    await this.#parts.processes.end('coordinator', how);
  }

  async startOverlord(): Promise<void> {
    await this.#parts.processes.start('coordinator', this.#parts.launch.coordinator);
    await this.#untilReady();
  }

  async restartOverlord(): Promise<void> {
    await this.stopOverlord();
    await this.startOverlord();
  }

  async stop(): Promise<void> {
    this.#stopping ??= this.#stopEverything();
    await this.#stopping;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #kafkaWith(tools: KafkaTools): RealKafka {
    const { ports } = this.#parts.settings;
    const bootstrapServers = `127.0.0.1:${ports.kafka}`;
    return {
      bootstrapServers,
      createTopic: (topic, partitions = 1) => tools.createTopic(bootstrapServers, topic, partitions),
      produce: (topic, lines) => tools.produce(bootstrapServers, topic, lines),
      stop: () => this.#parts.processes.end('kafka'),
      start: () => this.#startListening('kafka', ports.kafka),
    };
  }

  async #startListening(name: 'zookeeper' | 'kafka', port: number): Promise<void> {
    const { processes, launch, signal } = this.#parts;
    await processes.start(name, launch[name]);
    await processes.awaitAnswer(name, () => isListening(port), signal);
  }

  /** The coordinator is asked first, so that it is the one to be named when it does not come up. */
  async #untilReady(): Promise<void> {
    const { processes, signal } = this.#parts;
    await this.#untilCoordinatorAnswers();
    const target = { url: this.router, login: this.admin, ca: this.ca };
    await processes.awaitAnswer('router', () => answersOk(target, PROBES), signal);
    await processes.awaitAnswer('indexer', () => hasWorker(target), signal);
  }

  async #untilCoordinatorAnswers(): Promise<void> {
    const { processes, signal } = this.#parts;
    const target = { url: this.coordinator, login: this.admin };
    await processes.awaitAnswer('coordinator', () => answersOk(target, PROBES), signal);
  }

  async #stopEverything(): Promise<void> {
    await this.#parts.processes.endAll();
    await releaseDirectory(this.#parts.directory);
  }
}

function loopback(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/** Whether the overlord has found the indexer, so that tasks are run. */
async function hasWorker(target: DruidTarget): Promise<boolean> {
  const call = { method: 'GET', path: '/druid/indexer/v1/workers', timeoutMs: 5_000 } as const;
  const workers = await callDruid(target, call).then(jsonOf, () => undefined);
  return Array.isArray(workers) && workers.length > 0;
}

async function answersOk(target: DruidTarget, paths: readonly string[]): Promise<boolean> {
  try {
    const calls = paths.map((path) => callDruid(target, { method: 'GET', path, timeoutMs: 5_000 }));
    return (await Promise.all(calls)).every(({ status }) => status === 200);
  } catch {
    // Not listening yet: not ready is the answer, whatever the cause.
    return false;
  }
}
