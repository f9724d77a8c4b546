import { readFileSync } from 'node:fs';
import { pickPort, spawnTethered, type TetheredProcess } from '@capstan/controlplane';
import { eventually } from '../eventually.ts';
import { type LogLine, logLineOf, type OperatorUnderTest } from './operator-under-test.ts';

/** A program to run as the operator. */
export interface Program {
  /** Path of its main file, run with the Node that runs the tests. */
  readonly main: string;
  /** Further flags, after those that the world gives: `--kubeconfig`, `--namespace`, and the addresses of its servers. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface ProcessOptions {
  readonly program: Program;
  readonly kubeconfig: string;
  /** Absent: every namespace. */
  readonly namespace?: string;
  readonly logFile: string;
}

const startsWithinMs = 30_000;
/** Above the time that a manager gives its passes. */
const stopsWithinMs = 25_000;

/** Starts an operator as a process of its own; resolves when its `/readyz` says so. It ends with this process whatever happens. */
export async function startAsProcess(options: ProcessOptions): Promise<OperatorUnderTest> {
  const { program, kubeconfig, namespace, logFile } = options;
  const health = `127.0.0.1:${await pickPort()}`;
  const child = await spawnTethered({
    name: 'operator-under-test',
    command: process.execPath,
    args: [
      '--disable-warning=ExperimentalWarning',
      program.main,
      `--kubeconfig=${kubeconfig}`,
      ...(namespace === undefined ? [] : [`--namespace=${namespace}`]),
      '--metrics-bind-address=0',
      `--health-probe-bind-address=${health}`,
      ...(program.flags ?? []),
    ],
    cwd: process.cwd(),
    env: { ...process.env, ...program.env },
    logFile,
    lingerSeconds: 0,
  });
  const operator = new OperatorAsProcess(child);
  await operator.ready(`http://${health}/readyz`);
  return operator;
}

class OperatorAsProcess implements OperatorUnderTest {
  readonly isBusy = false;
  readonly passes = [];
  readonly #child: TetheredProcess;
  #isStopping = false;

  constructor(child: TetheredProcess) {
    this.#child = child;
  }

  get failure(): Error | undefined {
    const { exitStatus, logFile } = this.#child;
    if (exitStatus === undefined || this.#isStopping) return undefined;
    const how = exitStatus.signal === null ? `exit code ${exitStatus.code}` : `signal ${exitStatus.signal}`;
    return new Error(
      `the operator ended with ${how}; its log ends with:\n${readFileSync(logFile, 'utf8').slice(-2_000)}`,
    );
  }

  logs(): readonly LogLine[] {
    const lines = readFileSync(this.#child.logFile, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map(logLineOf);
  }

  async ready(url: string): Promise<void> {
    await eventually(
      async () => {
        if (this.failure !== undefined) return;
        const { ok, status } = await fetch(url);
        if (!ok) throw new Error(`the operator is not ready after ${startsWithinMs} ms: ${url} answers ${status}`);
      },
      { timeout: startsWithinMs, interval: 50 },
    );
    if (this.failure !== undefined) throw this.failure;
  }

  async stop(): Promise<void> {
    const failed = this.failure;
    this.#isStopping = true;
    const { code, signal } = await this.#child.stop(stopsWithinMs);
    if (failed !== undefined) throw failed;
    if (code !== 0)
      throw new Error(`the operator did not end in order after SIGTERM: ${signal ?? `exit code ${code}`}`);
  }

  async kill(): Promise<void> {
    this.#isStopping = true;
    await this.#child.kill();
  }
}
