import {
  type ControlPlane,
  identifyProcess,
  type Progress,
  startControlPlane,
  type UnexpectedExit,
} from '@capstan/controlplane';
import { type InstanceFiles, instanceFiles, writeState } from './instance.ts';

/** What the keeper tells the command that started it. */
export type KeeperMessage =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'running' }
  | { readonly kind: 'failed'; readonly message: string };

/*
 * The process behind `capstan up`: it holds a control plane up until it is told to stop, and everything ends with it.
 * Arguments: the name of the instance, and `kwok` or `none`.
 */
const [name = '', nodes = ''] = process.argv.slice(2);
await keep(instanceFiles(name), nodes === 'none' ? 'none' : 'kwok');

async function keep(files: InstanceFiles, nodes: 'kwok' | 'none'): Promise<void> {
  const self = await identifyProcess(process.pid);
  if (self === undefined) throw new Error(`process ${process.pid} cannot find itself in the process table`);
  await writeState(files, { phase: 'starting', keeper: self });
  const giveUp = new AbortController();
  const abandon = (): void => giveUp.abort(new Error('the command that asked for it was interrupted'));
  process.once('disconnect', abandon);
  process.once('SIGTERM', abandon);
  try {
    let fail: (exit: UnexpectedExit) => void = () => {};
    const failed = new Promise<UnexpectedExit>((resolve) => {
      fail = resolve;
    });
    const plane = await startControlPlane({
      nodes,
      dir: files.planeDir,
      durable: true,
      onProgress: (progress) => tell({ kind: 'progress', progress }),
      onUnexpectedExit: (exit) => fail(exit),
      signal: giveUp.signal,
    });
    process.removeListener('disconnect', abandon);
    process.removeListener('SIGTERM', abandon);
    const pids = Object.values(plane.pids);
    const { version, server, kubeconfig } = plane;
    const startedAt = new Date().toISOString();
    await writeState(files, { phase: 'running', keeper: self, version, server, kubeconfig, nodes, startedAt, pids });
    tell({ kind: 'running' });
    await untilStopped(files, plane, failed);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await writeState(files, { phase: 'failed', reason: message });
    tell({ kind: 'failed', message });
    process.exitCode = 1;
  }
  if (process.connected) process.disconnect();
}

/** Waits for SIGTERM, or for a component that ends by itself, and then stops everything. */
async function untilStopped(files: InstanceFiles, plane: ControlPlane, failed: Promise<UnexpectedExit>): Promise<void> {
  const timer = setInterval(() => {}, 2 ** 30);
  const asked = new Promise<undefined>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => resolve(undefined));
  });
  const exit = await Promise.race([asked, failed]);
  clearInterval(timer);
  await plane.stop();
  const reason = exit === undefined ? undefined : `${exit.component} ended with ${exit.how}: see ${exit.logFile}`;
  await writeState(files, reason === undefined ? { phase: 'stopped' } : { phase: 'failed', reason });
}

function tell(message: KeeperMessage): void {
  if (process.connected) process.send?.(message);
}
