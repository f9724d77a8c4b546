import { readFile } from 'node:fs/promises';
import { spawnTethered, type TetheredProcess } from '@capstan/controlplane';
import { DemoFailure } from './demo-failure.ts';
import { readableLogLine } from './log-line.ts';
import { repositoryPath, type ShippedOperator } from './repository.ts';

const linesShown = 6;

/** What its Deployment switches on, on ports that are free. */
const asShipped = ['--leader-elect', '--metrics-bind-address=127.0.0.1:0', '--health-probe-bind-address=127.0.0.1:0'];

/** Which account the operator runs as, what it is told, and where its log goes. */
export interface OperatorProcessOptions {
  /** Of the operator's own service account. */
  readonly kubeconfig: string;
  readonly logFile: string;
  readonly flags: readonly string[];
}

/** Starts an operator as a process of its own, as in a cluster; it ends with this process whatever happens. */
export function startOperator(
  { name, program }: ShippedOperator,
  { kubeconfig, logFile, flags }: OperatorProcessOptions,
): Promise<TetheredProcess> {
  return spawnTethered({
    name,
    command: process.execPath,
    args: [
      ...['--disable-warning=ExperimentalWarning', program, '--kubeconfig', kubeconfig],
      ...[...flags, ...asShipped],
    ],
    cwd: repositoryPath('.'),
    logFile,
    lingerSeconds: 0,
  });
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
