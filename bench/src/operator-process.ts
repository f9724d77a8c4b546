import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { spawnTethered, type TetheredProcess } from '@capstan/controlplane';
import { systemClock } from '@capstan/kube';
import { usageOf } from './process-usage.ts';

/** What its Deployment switches on, on ports that are free. */
const asShipped = ['--leader-elect', '--metrics-bind-address=127.0.0.1:0'];

/** How to run the operator. */
export interface OperatorFiles {
  /** The operator's own, such as `streambus-operator`. */
  readonly name: string;
  /** The bundle. */
  readonly program: string;
  readonly nodeOptions: readonly string[];
  /** Of its own account. */
  readonly kubeconfig: string;
  readonly log: string;
  /** Where it says whether it is ready; a free port unless told. */
  readonly health?: string;
}

/** Starts a bundled operator as a process of its own, with the kubeconfig of its own account. */
export function startOperator({
  name,
  program,
  nodeOptions,
  kubeconfig,
  log,
  health = '127.0.0.1:0',
}: OperatorFiles): Promise<TetheredProcess> {
  return spawnTethered({
    name,
    command: process.execPath,
    args: [
      ...nodeOptions,
      program,
      ...['--kubeconfig', kubeconfig, '--log-level', 'warn', '--health-probe-bind-address', health],
      ...asShipped,
    ],
    cwd: dirname(program),
    logFile: log,
    lingerSeconds: 0,
  });
}

/** Bytes in memory (VmRSS) of a Node process that does nothing, two seconds after its start; undefined where there is no /proc. */
export async function bareNodeRss(): Promise<number | undefined> {
  const idle = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1 << 30)'], { stdio: 'ignore' });
  await once(idle, 'spawn');
  try {
    await systemClock.sleep(2_000);
    return (await usageOf(idle.pid ?? 0))?.rss;
  } finally {
    idle.kill();
    await once(idle, 'exit');
  }
}
