import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheDirectory, type ExitStatus, spawnTethered, type TetheredProcess } from '@capstan/controlplane';
import type { Container, PodSpec, Probe } from '@capstan/kube';
import type { StepObject } from '@capstan/runtime';
import { Children, environmentOf, expanded, filesOf } from './kubelet.fixture.ts';

/** The servers that `scripts/install-daemons.sh` installs. */
export type Daemon = 'redis' | 'nats' | 'postgres' | 'minio';

/** What a container gets from its image. */
export interface ServerImage {
  readonly daemon: Daemon;
  /** Goes before the arguments of a container that has no command of its own. */
  readonly entrypoint?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Files that are in the image and not in Debian's package: path to text. */
  readonly files?: Readonly<Record<string, string>>;
}

/** How what a client was started with ended, and what it wrote. */
interface Answer {
  readonly code: number | null;
  readonly output: string;
}

/** What the servers start from. */
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

function rootOf(daemon: Daemon): string {
  return join(cacheDirectory(), 'daemons', daemon, 'root');
}

/** A static program that is a shell and much else, and needs nothing of the root it is in. */
export function busybox(daemon: Daemon): string {
  return join(rootOf(daemon), 'bin/busybox');
}

/** Why a daemon cannot be run in a root and a network of its own here; `undefined` when it can. */
export function missingDaemon(daemon: Daemon): string | undefined {
  if (!existsSync(rootOf(daemon))) return `no ${daemon} on this machine (scripts/install-daemons.sh ${daemon})`;
  if (!ownsNetworks()) return `no right to start ${daemon} in a root and a network of its own: that takes root`;
  return undefined;
}

/** Whether a process may be given a network of its own. */
export function ownsNetworks(): boolean {
  return process.getuid?.() === 0 && spawnSync('unshare', ['--net', '--mount', 'true']).status === 0;
}

/**
 * A real server in the container that its StatefulSet describes: with that command, these variables and files, as that user, and
 * with a root in which it may write to the mounted directories only. The network is its own, so the ports are as rendered.
 */
export class RunningServer implements AsyncDisposable {
  readonly #root = mkdtempSync(join(tmpdir(), 'capstan-daemon-'));
  readonly #pod: PodSpec;
  readonly #container: Container;
  readonly #command: readonly string[];
  readonly #environment: Readonly<Record<string, string>>;
  #process: TetheredProcess | undefined;

  constructor(image: ServerImage, name: string, objects: readonly StepObject[]) {
    const children = new Children(objects);
    const { pod, container } = children.statefulSet(name);
    this.#pod = pod;
    this.#container = container;
    const variables = environmentOf(container, { name: `${name}-0`, index: 0 }, children);
    this.#environment = { PATH: path, HOME: '/', ...image.env, ...variables };
    const command = container.command ?? image.entrypoint ?? [];
    this.#command = [...command, ...(container.args ?? [])].map((part) => expanded(part, variables));
    this.#makeRoot(image);
    for (const mount of container.volumeMounts ?? []) this.#mount(mount.name, mount.mountPath, children);
  }

  get #identity(): { readonly uid: number; readonly gid: number } {
    const { runAsUser: uid, runAsGroup: gid } = this.#pod.securityContext ?? {};
    if (uid === undefined || gid === undefined) throw new Error('the pod names no user');
    return { uid, gid };
  }

  /** Nothing in it belongs to the user of the container, so it is read-only to the server. */
  #makeRoot({ daemon, files = {} }: ServerImage): void {
    cpSync(rootOf(daemon), this.#root, { recursive: true, verbatimSymlinks: true });
    chmodSync(this.#root, 0o755);
    mkdirSync(join(this.#root, 'proc'));
    spawnSync('mknod', ['-m', '666', join(this.#root, 'dev/null'), 'c', '1', '3']);
    chmodSync(join(this.#root, 'dev/shm'), 0o1777);
    const { uid, gid } = this.#identity;
    writeFileSync(join(this.#root, 'etc/passwd'), `server:x:${uid}:${gid}::/:/bin/sh\n`);
    for (const [at, text] of Object.entries(files)) writeFileSync(join(this.#root, at), text, { mode: 0o755 });
  }

  /** As the kubelet does: files that the group may read, and directories it may write to. */
  #mount(name: string, at: string, children: Children): void {
    const directory = join(this.#root, at);
    mkdirSync(directory, { recursive: true });
    const volume = this.#pod.volumes?.find((each) => each.name === name);
    const files = volume === undefined ? undefined : filesOf(volume, children);
    const { gid } = this.#identity;
    for (const [file, text] of Object.entries(files ?? {})) {
      writeFileSync(join(directory, file), text, { mode: 0o440 });
      chownSync(join(directory, file), 0, gid);
    }
    if (files !== undefined) return;
    chownSync(directory, 0, gid);
    chmodSync(directory, 0o2775);
  }

  /** Starts the server; on later calls with the same volumes. */
  async start(): Promise<void> {
    this.#process = await spawnTethered({
      name: this.#container.name,
      command: '/usr/bin/unshare',
      args: ['--net', '--mount', '--', '/bin/sh', '-c', inOwnNetwork, this.#root, this.#user, ...this.#command],
      cwd: '/',
      env: this.#environment,
      logFile: `${this.#root}.log`,
      lingerSeconds: 0,
    });
  }

  get #user(): string {
    const { uid, gid } = this.#identity;
    return `--userspec=${uid}:${gid}`;
  }

  get #running(): TetheredProcess {
    if (this.#process === undefined) throw new Error('the server was not started');
    return this.#process;
  }

  /** What it has written by now. */
  get log(): string {
    return readFileSync(`${this.#root}.log`, 'utf8');
  }

  /** Its command line as everybody on the machine sees it. */
  get commandLine(): string {
    return readFileSync(`/proc/${this.#running.pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  }

  /** Whether one of the container's own probes succeeds. */
  async passes(probe: 'startupProbe' | 'readinessProbe' | 'livenessProbe'): Promise<boolean> {
    if (this.#running.exitStatus !== undefined) throw new Error(`the server has ended: ${this.log}`);
    const command = this.#probeCommand(this.#container[probe]);
    const { code } = await this.inside(command);
    return code === 0;
  }

  #probeCommand(probe: Probe | undefined): readonly string[] {
    if (probe?.exec?.command !== undefined) return probe.exec.command;
    if (probe?.httpGet === undefined) throw new Error('the probe is neither a command nor an HTTP request');
    const { path: at = '/', port } = probe.httpGet;
    const number = this.#container.ports?.find(({ name }) => name === port)?.containerPort ?? port;
    return ['wget', '-q', '-O', '-', `http://127.0.0.1:${number}${at}`];
  }

  /** Runs a command in the container, with its variables and in its network. */
  async inside(command: readonly string[], env: Readonly<Record<string, string>> = {}, input = ''): Promise<Answer> {
    const target = ['--target', String(this.#running.pid), '--net', '--mount', '--'];
    const child = spawn('nsenter', [...target, 'chroot', this.#user, this.#root, ...command], {
      env: { ...this.#environment, ...env },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    child.stdin.on('error', () => {}).end(input);
    const [code] = await once(child, 'close');
    return { code: typeof code === 'number' ? code : null, output };
  }

  /** Sends the signal that its image is ended by, and tells how it ended. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<ExitStatus> {
    const running = this.#running;
    if (signal === 'SIGTERM') return await running.stop(10_000);
    process.kill(running.pid, signal);
    return await running.ended();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process?.kill();
    rmSync(this.#root, { recursive: true, force: true });
    rmSync(`${this.#root}.log`, { force: true });
  }
}

/** A new network has its loopback down, and a new root no list of processes. */
const inOwnNetwork = `root=$0; user=$1; shift
"$root/bin/busybox" ip link set lo up && mount -t proc proc "$root/proc" && exec chroot "$user" "$root" "$@"`;
