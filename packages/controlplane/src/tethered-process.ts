import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** One program to run for exactly as long as this process lives. */
export interface TetheredProcessSpec {
  readonly name: string;
  /** Absolute path of the program. */
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** This process's environment unless told. */
  readonly env?: NodeJS.ProcessEnv;
  /** Receives stdout and stderr; appended to. */
  readonly logFile: string;
  /** Whole seconds the program may live on after this process is gone, so that what depends on it ends first. */
  readonly lingerSeconds: number;
}

/** How a program ended: by itself with `code`, or by `signal`. */
export interface ExitStatus {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running program that cannot outlive this process. */
export interface TetheredProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Resolves when the program has ended; never rejects. */
  readonly exited: Promise<ExitStatus>;
  /** The way it ended, or undefined while it runs. */
  readonly exitStatus: ExitStatus | undefined;
  /** Waits for the program to end by itself, and keeps this process's event loop alive meanwhile. */
  ended(): Promise<ExitStatus>;
  /** Sends SIGTERM, and SIGKILL after `graceMs`; resolves when the program is gone. */
  stop(graceMs: number): Promise<ExitStatus>;
  /** Sends SIGKILL; resolves when the program is gone. */
  kill(): Promise<ExitStatus>;
}

/*
 * The shell becomes the program (exec keeps its process id), and leaves a watcher behind in the same process group.
 * Standard input is a pipe whose other end only our process holds: the kernel closes it however we die, kill -9 included,
 * and the watcher then ends the group. While the watcher lives, the group's number cannot be given to anybody else, so
 * it can never hit a stranger.
 */
const TETHER = `
linger=$1; shift
exec 3<&0
(
  trap '' TERM INT HUP
  read -r _ <&3
  sleep "$linger"
  kill -TERM 0
  tries=0
  while kill -0 $$ 2>/dev/null && [ $tries -lt 20 ]; do sleep 0.1; tries=$((tries + 1)); done
  kill -KILL 0
) &
exec "$@" </dev/null 3<&-
`;

/**
 * Starts a program that ends when this process ends, whatever ends it: a clean exit, an exception, or kill -9.
 *
 * It runs in a session of its own, so a Ctrl-C in the terminal reaches only this process, which then stops it in order.
 * It does not keep this process's event loop alive. Throws what `spawn` throws when the program cannot be started.
 */
export async function spawnTethered(spec: TetheredProcessSpec): Promise<TetheredProcess> {
  const log = openSync(spec.logFile, 'a', 0o600);
  const child = spawn('/bin/sh', ['-c', TETHER, spec.name, String(spec.lingerSeconds), spec.command, ...spec.args], {
    cwd: spec.cwd,
    env: spec.env ?? process.env,
    detached: true,
    stdio: ['pipe', log, log],
  });
  closeSync(log);
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  child.on('error', () => {});
  child.stdin?.on('error', () => {});
  child.unref();
  if (child.stdin !== null && 'unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  // A group signalled by the number 0 would be our own.
  if (child.pid === undefined) throw new Error(`${spec.name} was started without a process id`);
  return tether(spec, child, child.pid);
}

function tether(spec: TetheredProcessSpec, child: ChildProcess, pid: number): TetheredProcess {
  let exitStatus: ExitStatus | undefined;
  const exited = new Promise<ExitStatus>((resolve) => {
    child.once('exit', (code, signal) => {
      exitStatus = { code, signal };
      signalGroup(pid, 'SIGKILL');
      child.stdin?.destroy();
      resolve(exitStatus);
    });
  });
  const end = async (signal: NodeJS.Signals, graceMs: number): Promise<ExitStatus> => {
    if (exitStatus !== undefined) return exitStatus;
    child.ref();
    child.kill(signal);
    const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs);
    return await exited.finally(() => clearTimeout(timer));
  };
  return {
    name: spec.name,
    pid,
    logFile: spec.logFile,
    exited,
    get exitStatus() {
      return exitStatus;
    },
    async ended() {
      child.ref();
      return await exited;
    },
    stop: (graceMs) => end('SIGTERM', graceMs),
    kill: () => end('SIGKILL', 0),
  };
}

/** Signals the program and its watcher; nothing happens when both are gone. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is already empty.
  }
}
