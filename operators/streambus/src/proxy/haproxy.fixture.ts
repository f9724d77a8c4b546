import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheDirectory } from '@capstan/controlplane';
import type { KeyedCertificate } from '@capstan/pki';
import { eventually } from '@capstan/testkit';
import { describe } from 'vitest';
import { renderAccessFiles } from './access-files.ts';
import { EchoServer } from './echo-server.fixture.ts';
import { MountedVolume } from './mounted-volume.fixture.ts';
import { masterSocketFile, renderProxyConfig, runtimeSocketFile, tlsFiles } from './proxy-config.ts';
import type { ProxyDirectories, ProxySettings } from './proxy-settings.ts';
import { type HaproxyVersion, haproxyVersions } from './version-features.ts';

/**
 * Stands for the pod's address: the broker has 127.0.0.1, and the same port. Each process of a test run has one of its own, for
 * HAProxy shares a port that another HAProxy has already (SO_REUSEPORT), and connections would go to either.
 */
export const podAddress = `127.2.${Math.floor(process.pid / 250) % 250}.${1 + (process.pid % 250)}`;

function programOf(version: HaproxyVersion): string {
  return join(cacheDirectory(), 'haproxy', version, 'haproxy');
}

/** The versions that are tried out. Debian never had a 2.8, but all that is in a configuration for it is in one for 3.0. */
export const triedVersions = haproxyVersions.filter((version) => version !== '2.8');

/** Describes what versions do. Those that are not on this machine are skipped, with a line that says so. */
export function describeHaproxy(versions: readonly HaproxyVersion[], body: (version: HaproxyVersion) => void): void {
  for (const version of versions) {
    const isInstalled = existsSync(programOf(version));
    if (!isInstalled)
      process.stderr.write(
        `no HAProxy ${version} on this machine: it is not shown what it does (scripts/install-haproxy.sh)\n`,
      );
    describe.skipIf(!isInstalled)(`HAProxy ${version}`, () => body(version));
  }
}

/** The files of a server and of who signs its clients. */
export function tlsVolumeFiles(pair: KeyedCertificate, authorities: string): Readonly<Record<string, string>> {
  return {
    [tlsFiles.certificate]: pair.certificate,
    [tlsFiles.key]: pair.privateKey,
    [tlsFiles.authorities]: authorities,
  };
}

interface Installation {
  readonly settings: (ports: { readonly clientPort: number; readonly readyPort: number }) => ProxySettings;
  readonly tls: Readonly<Record<string, string>>;
}

/** A real HAProxy in front of an echo server, with its files where the settings say. */
export class RunningHaproxy implements AsyncDisposable {
  readonly root = mkdtempSync(join(tmpdir(), 'capstan-haproxy-'));
  readonly directories: ProxyDirectories = {
    config: join(this.root, 'config'),
    access: join(this.root, 'access'),
    tls: join(this.root, 'tls'),
    run: join(this.root, 'run'),
  };
  readonly socketPath = join(this.directories.run, runtimeSocketFile);
  readonly masterPath = join(this.directories.run, masterSocketFile);
  readonly broker = new EchoServer();
  readonly tls: MountedVolume;
  readonly access: MountedVolume;
  readonly settings: ProxySettings;
  #process: ChildProcess | undefined;
  #log = '';

  private constructor({ settings, tls }: Installation, clientPort: number, readyPort: number) {
    this.settings = settings({ clientPort, readyPort });
    this.tls = new MountedVolume(this.directories.tls, tls);
    this.access = new MountedVolume(this.directories.access, renderAccessFiles(this.settings));
    for (const directory of [this.directories.config, this.directories.run]) mkdirSync(directory);
    writeFileSync(this.#configFile, renderProxyConfig(this.settings, this.directories));
  }

  /** Resolves when HAProxy answers; it may not have looked for the broker yet. */
  static async start(installation: Installation): Promise<RunningHaproxy> {
    const broker = new EchoServer();
    const clientPort = await broker.start();
    await broker.stop();
    const haproxy = new RunningHaproxy(installation, clientPort, await freePort());
    await haproxy.broker.start(clientPort);
    await haproxy.run();
    return haproxy;
  }

  get #configFile(): string {
    return join(this.directories.config, 'haproxy.cfg');
  }

  get clientPort(): number {
    return this.settings.clientPort;
  }

  /** What it has written by now. */
  get log(): string {
    return this.#log;
  }

  /** What HAProxy says to its configuration without running it: nothing, and `true`, where it is good. */
  check(): { readonly isValid: boolean; readonly output: string } {
    const args = ['-c', '-f', this.#configFile];
    const { status, stderr } = spawnSync(programOf(this.settings.version), args, {
      env: environment,
      encoding: 'utf8',
    });
    return { isValid: status === 0, output: stderr };
  }

  async run(): Promise<void> {
    const args = ['-W', '-db', '-S', this.masterPath, '-f', this.#configFile];
    const child = spawn('/bin/sh', ['-c', untilInputEnds, 'sh', programOf(this.settings.version), ...args], {
      env: environment,
    });
    for (const output of [child.stdout, child.stderr])
      output.setEncoding('utf8').on('data', (text: string) => {
        this.#log += text;
      });
    this.#process = child;
    await eventually(async () => {
      if (child.exitCode !== null) throw new Error(`HAProxy has ended: ${this.#log}`);
      return await this.get('/ready');
    });
  }

  /** Asks the port for readiness and metrics. */
  async get(path: string): Promise<{ readonly status: number; readonly body: string }> {
    const response = await fetch(`http://${podAddress}:${this.settings.readyPort}${path}`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(3000),
    });
    return { status: response.status, body: await response.text() };
  }

  /** Ends HAProxy alone; everything else stays for the next {@link run}. */
  async end(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.stdin?.end();
    await exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
    await this.broker.stop();
    rmSync(this.root, { recursive: true });
  }
}

const environment = { ...process.env, POD_IP: podAddress };

/** Runs a program for as long as standard input is open, so that it never outlives the test, however that ends. */
const untilInputEnds = '"$@" </dev/null & child=$!; read -r _; kill -TERM $child; wait $child';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, podAddress, resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('a TCP server has an address with a port');
  return address.port;
}
