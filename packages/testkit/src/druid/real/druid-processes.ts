import { connect } from 'node:net';
import { join } from 'node:path';
import { type ExitStatus, spawnTethered, type TetheredProcess, waitUntil } from '@capstan/controlplane';
import { DruidError } from './druid-error.ts';
import { lastLines } from './last-lines.ts';

/** The processes of an instance, in the order in which they are stopped: the others hang at their end when ZooKeeper goes first. */
export const STOP_ORDER = ['router', 'coordinator', 'indexer', 'kafka', 'zookeeper'] as const;

/** One of them. The coordinator is the overlord as well. */
export type DruidProcessName = (typeof STOP_ORDER)[number];

/** How one is started. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
}

/** How long a process may take to end by itself, in ms. */
const GRACE_MS = 15_000;
/** A cold start on a busy machine takes half a minute; three times that is generous. */
const START_LIMIT_MS = 120_000;

/** The running processes of one instance; none outlives this process. */
export class DruidProcesses {
  readonly #dir: string;
  readonly #logs: string;
  readonly #running = new Map<DruidProcessName, TetheredProcess>();

  /** @param dir their working directory, with a directory `logs` */
  constructor(dir: string) {
    this.#dir = dir;
    this.#logs = join(dir, 'logs');
  }

  /** Process ids by name, for measuring. */
  get pids(): Partial<Record<DruidProcessName, number>> {
    return Object.fromEntries([...this.#running].map(([name, { pid }]) => [name, pid]));
  }

  /** Starts one; what it prints goes to `logs/<name>.log`. */
  async start(name: DruidProcessName, launch: Launch): Promise<void> {
    const lingerSeconds = STOP_ORDER.indexOf(name);
    const logFile = join(this.#logs, `${name}.log`);
    this.#running.set(name, await spawnTethered({ name, cwd: this.#dir, logFile, lingerSeconds, ...launch }));
  }

  /** Ends one by SIGTERM, or by SIGKILL where asked or where it does not end in time; nothing happens when it does not run. */
  async end(name: DruidProcessName, how: 'stop' | 'kill' = 'stop'): Promise<void> {
    const process = this.#running.get(name);
    this.#running.delete(name);
    await (how === 'stop' ? process?.stop(GRACE_MS) : process?.kill());
  }

  /** Ends all, one after another in their order. */
  async endAll(): Promise<void> {
    for (const name of STOP_ORDER) await this.end(name);
  }

  /**
   * Resolves when the process answers.
   * @throws {DruidError} `StartFailed` with the end of its log when it ends or stays silent
   */
  async awaitAnswer(name: DruidProcessName, answers: () => Promise<boolean>, signal?: AbortSignal): Promise<void> {
    const process = this.#running.get(name);
    if (process === undefined) throw new DruidError('StartFailed', `${name} was not started`);
    const condition = async (): Promise<boolean> => process.exitStatus !== undefined || (await answers());
    const inTime = await waitUntil(condition, { timeoutMs: START_LIMIT_MS, intervalMs: 100, signal });
    const { exitStatus } = process;
    if (inTime && exitStatus === undefined) return;
    const what =
      exitStatus === undefined ? `does not answer after ${START_LIMIT_MS / 1_000} s` : describeExit(exitStatus);
    const log = await lastLines(process.logFile, /\b(ERROR|FATAL)\b|^\d+\) |^(Caused by|Error|Exception)/);
    throw new DruidError('StartFailed', `${name} ${what}; the end of its log:\n${log}`);
  }
}

function describeExit({ code, signal }: ExitStatus): string {
  return `ended with ${signal === null ? `exit code ${code}` : `signal ${signal}`}`;
}

/** Whether something listens on this port of 127.0.0.1. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      answer(true);
    });
    socket.once('error', () => answer(false));
  });
}
