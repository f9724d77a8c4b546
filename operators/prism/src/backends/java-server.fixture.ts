import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheDirectory, spawnTethered, type TetheredProcess } from '@capstan/controlplane';
import type { Probe } from '@capstan/kube';
import { busybox, ownsNetworks } from './running-server.fixture.ts';

/** Kafka 3.9 with ZooKeeper 3.8, where the tests against a real Druid have fetched them. */
function jars(): string | undefined {
  const directory = join(cacheDirectory(), 'druid');
  if (!existsSync(directory)) return undefined;
  const found = readdirSync(directory).find((name) => /^kafka-[0-9a-f]+$/.test(name));
  return found === undefined ? undefined : join(directory, found);
}

/** The version of Kafka that is run, such as 3.9.0. */
export function kafkaVersion(): string {
  const files = readdirSync(jars() ?? '.');
  return files.flatMap((file) => /^kafka_[0-9.]+-([0-9.]+)\.jar$/.exec(file)?.[1] ?? [])[0] ?? 'of an unknown version';
}

/** Why Kafka cannot be run in a network of its own here; `undefined` when it can. */
export function missingKafka(): string | undefined {
  if (jars() === undefined) return 'no Kafka on this machine (npm run test:druid fetches it)';
  if (spawnSync('java', ['--version']).status !== 0) return 'no Java on this machine';
  if (!ownsNetworks() || !existsSync(busybox('redis'))) return 'no network of its own for Kafka';
  return undefined;
}

/** The properties that the image of Kafka makes of its variables, by its own rule. */
export function propertiesOf(variables: Readonly<Record<string, string>>): string {
  const notProperties = ['KAFKA_HEAP_OPTS'];
  return Object.entries(variables)
    .filter(([name]) => name.startsWith('KAFKA_') && !notProperties.includes(name))
    .map(([name, value]) => `${name.slice('KAFKA_'.length).toLowerCase().replaceAll('_', '.')}=${value}\n`)
    .join('');
}

const logging = `
log4j.rootLogger=WARN, out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=%p %m%n
`;

/**
 * Java programs of Kafka and ZooKeeper in a network of their own, in which every name means this machine.
 *
 * They are started without their images' scripts and root, so that directories are other ones; {@link here} tells which.
 */
export class JavaServers implements AsyncDisposable {
  readonly #root = mkdtempSync(join(tmpdir(), 'capstan-kafka-'));
  readonly #running: TetheredProcess[] = [];

  constructor(hosts: readonly string[]) {
    writeFileSync(this.#hostsFile, [...hosts, hostname()].map((host) => `127.0.0.1 ${host}\n`).join(''));
    writeFileSync(this.#loggingFile, logging);
  }

  get #hostsFile(): string {
    return join(this.#root, 'hosts');
  }

  get #loggingFile(): string {
    return join(this.#root, 'log4j.properties');
  }

  /** What all of them have written by now. */
  get log(): string {
    return readFileSync(join(this.#root, 'log'), 'utf8');
  }

  /** Puts directories of this machine in for those of the container. */
  here(text: string): string {
    return text.replace(/(\/var\/lib\/kafka\/data|\/data)\b/g, (directory) => {
      mkdirSync(join(this.#root, directory), { recursive: true });
      return join(this.#root, directory);
    });
  }

  /** Writes a file with {@link here} done to it. */
  file(name: string, text: string): string {
    const at = join(this.#root, name);
    writeFileSync(at, this.here(text));
    return at;
  }

  /** Starts a program; the first one makes the network that the others are in. */
  async start(main: string, args: readonly string[]): Promise<TetheredProcess> {
    const java = ['java', ...this.#java(), main, ...args];
    const up = `"${busybox('redis')}" ip link set lo up && exec "$@"`;
    const network = this.#network();
    const [command, ...rest] =
      network.length > 0 ? [...network, ...java] : ['unshare', '--net', '--', '/bin/sh', '-c', up, 'sh', ...java];
    const started = await spawnTethered({
      ...{ name: main, command: command ?? '', args: rest, cwd: this.#root },
      ...{ logFile: join(this.#root, 'log'), lingerSeconds: 0 },
    });
    this.#running.push(started);
    return started;
  }

  #network(): readonly string[] {
    const living = this.#running.find(({ exitStatus }) => exitStatus === undefined);
    return living === undefined ? [] : ['nsenter', '--target', String(living.pid), '--net', '--'];
  }

  #java(): readonly string[] {
    const quick = ['-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
    const files = [`-Djdk.net.hosts.file=${this.#hostsFile}`, `-Dlog4j.configuration=file:${this.#loggingFile}`];
    return [...quick, ...files, '-cp', `${jars()}/*`];
  }

  /** Runs a tool of Kafka to its end, and gives what it wrote. */
  run(main: string, args: readonly string[]): Promise<string> {
    return this.#command('java', [...this.#java(), main, ...args]);
  }

  /** Whether a probe of a container succeeds. */
  async passes({ exec, tcpSocket }: Probe, ports: Readonly<Record<string, number>>): Promise<boolean> {
    const dial = ['bash', '-c', `exec 3<>/dev/tcp/127.0.0.1/${ports[String(tcpSocket?.port)]}`];
    const [program = '', ...args] = exec?.command ?? dial;
    return await this.#command(program, args).then(
      () => true,
      () => false,
    );
  }

  async #command(program: string, args: readonly string[]): Promise<string> {
    const [command = program, ...rest] = [...this.#network(), program, ...args];
    const child = spawn(command, rest, { cwd: this.#root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`${program} ended with ${code}: ${output}`);
    return output;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#running.map((each) => each.kill()));
    rmSync(this.#root, { recursive: true, force: true });
  }
}
