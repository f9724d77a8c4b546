import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { spawnTethered, type TetheredProcess } from '@capstan/controlplane';
import { DemoFailure } from './demo-failure.ts';
import type { OperatorSurroundings } from './exhibits/exhibit.ts';
import { readableLogLine } from './log-line.ts';
import { repositoryPath, type ShippedOperator } from './repository.ts';

const linesShown = 6;

/** What its Deployment switches on, on ports that are free. */
const asShipped = ['--leader-elect', '--metrics-bind-address=127.0.0.1:0', '--health-probe-bind-address=127.0.0.1:0'];

/** What a pod is given; more than the operator's own limits on stopping. */
const graceMs = 30_000;

/** Which account the operator runs as, what it is told, and where its log goes. */
export interface OperatorProcessOptions {
  /** Of the operator's own service account. */
  readonly kubeconfig: string;
  readonly logFile: string;
  readonly surroundings: OperatorSurroundings;
}

/** Starts an operator as a process of its own, as in a cluster; it ends with this process whatever happens. */
export function startOperator(
  { name, program }: ShippedOperator,
  { kubeconfig, logFile, surroundings: { flags, env = {}, preload } }: OperatorProcessOptions,
): Promise<TetheredProcess> {
  const loaded = preload === undefined ? [] : [`--import=${pathToFileURL(preload).href}`];
  return spawnTethered({
    name,
    command: process.execPath,
    args: [
      ...['--disable-warning=ExperimentalWarning', ...loaded, program, '--kubeconfig', kubeconfig],
      ...[...flags, ...asShipped],
    ],
    env: { ...process.env, ...env },
    cwd: repositoryPath('.'),
    logFile,
    lingerSeconds: 0,
  });
}

/** Stops an operator in order. */
export async function stopOperator(operator: TetheredProcess): Promise<void> {
  await operator.stop(graceMs);
}

/** Resolves when the operator has ended by itself, with the end of its log: while the demo runs, it never should. */
export async function operatorDeath({ name, exited, logFile }: TetheredProcess): Promise<DemoFailure> {
  const { code, signal } = await exited;
  const log = await readFile(logFile, 'utf8');
  return new DemoFailure(`${name} ended (${signal === null ? `exit code ${code}` : `signal ${signal}`})`, {
    details: log.trimEnd().split('\n').slice(-linesShown).map(readableLogLine),
    logs: logFile,
  });
}
