import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spawnTethered } from '@capstan/controlplane';
import { DruidError } from './druid-error.ts';
import { lastLines } from './last-lines.ts';

/** Kafka's own command line tools, run as processes; each run costs the start of a Java. */
export class KafkaTools {
  readonly #java: string;
  readonly #classPath: string;
  readonly #dir: string;

  /** @param dir where their logs and what is sent to them go, with a directory `logs` */
  constructor(java: string, classPath: string, dir: string) {
    this.#java = java;
    this.#classPath = classPath;
    this.#dir = dir;
  }

  /** Prepares the data directory that a properties file names. One that was prepared before stays as it is. */
  async format(propertiesFile: string): Promise<void> {
    const clusterId = randomBytes(16).toString('base64url');
    await this.#run('kafka.tools.StorageTool', [
      'format',
      '--ignore-formatted',
      `--cluster-id=${clusterId}`,
      '-c',
      propertiesFile,
    ]);
  }

  /** Creates a topic; one that exists is an error. */
  async createTopic(bootstrapServers: string, topic: string, partitions: number): Promise<void> {
    const what = ['--create', '--topic', topic, '--partitions', String(partitions), '--replication-factor', '1'];
    await this.#run('org.apache.kafka.tools.TopicCommand', ['--bootstrap-server', bootstrapServers, ...what]);
  }

  /** Sends each line as a record without a key. Resolves when the broker has them all. */
  async produce(bootstrapServers: string, topic: string, lines: readonly string[]): Promise<void> {
    const file = join(this.#dir, `records-${randomBytes(4).toString('hex')}.txt`);
    await writeFile(file, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
    try {
      const args = ['--bootstrap-server', bootstrapServers, '--topic', topic];
      await this.#run('kafka.tools.ConsoleProducer', args, file);
    } finally {
      await rm(file, { force: true });
    }
  }

  async #run(tool: string, args: readonly string[], input = '/dev/null'): Promise<void> {
    const java = [this.#java, '-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', this.#classPath];
    const process = await spawnTethered({
      name: tool,
      // A tethered process has no input of its own; this shell gives it the file and becomes the tool.
      command: '/bin/sh',
      args: ['-c', 'input=$1; shift; exec "$@" <"$input"', tool, input, ...java, tool, ...args],
      cwd: this.#dir,
      logFile: join(this.#dir, 'logs', 'kafka-tools.log'),
      lingerSeconds: 0,
    });
    const { code } = await process.ended();
    if (code === 0) return;
    const log = await lastLines(process.logFile, /ERROR|Exception|^Error/);
    throw new DruidError('ToolFailed', `${tool} of Kafka ended with exit code ${code}:\n${log}`);
  }
}
