import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { spawnTethered, type TetheredProcess } from '@capstan/controlplane';
import { systemClock } from '@capstan/kube';
import { usageOf } from './process-usage.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const program = fileURLToPath(new URL('../../operators/streambus/src/main.ts', import.meta.url));

/** Starts the StreamBus operator as a process of its own, with the kubeconfig of its own account. */
export function startOperator(kubeconfig: string, logFile: string): Promise<TetheredProcess> {
  return spawnTethered({
    name: 'streambus-operator',
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', program, '--kubeconfig', kubeconfig, '--log-level', 'warn'],
    cwd: root,
    logFile,
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
