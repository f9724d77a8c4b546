import {
  isProcessAlive,
  type ProcessIdentity,
  removeInstanceDirectory,
  waitUntil,
  withLock,
} from '@capstan/controlplane';
import { Command } from 'commander';
import {
  forgetInstance,
  type InstanceFiles,
  instanceFiles,
  instanceNames,
  readState,
  writeState,
} from './local/instance.ts';

interface DownOptions {
  readonly name: string;
  readonly keepData?: true;
  readonly all?: true;
}

/** Longer than the keeper itself gives its components. */
const STOP_LIMIT_MS = 20_000;

/** `capstan down`: stops local control planes, and removes what they stored unless told to keep it. */
export function downCommand(): Command {
  return new Command('down')
    .description('stop a local control plane and remove its data')
    .option('--name <name>', 'which one, when there are several', 'default')
    .option('--keep-data', 'keep objects, keys and port for the next capstan up')
    .option('--all', 'every one on this machine')
    .action(down);
}

async function down(options: DownOptions): Promise<void> {
  const names = options.all === true ? await instanceNames() : [options.name];
  if (names.length === 0) console.log('there is no control plane');
  for (const name of names) await takeDown(instanceFiles(name), options.keepData === true);
}

async function takeDown(files: InstanceFiles, keepData: boolean): Promise<void> {
  await withLock(files.lock, async () => {
    const state = await readState(files);
    if (state === undefined) {
      console.log(`there is no control plane named ${files.name}`);
      return;
    }
    if ('keeper' in state) await stopKeeper(state.keeper);
    if (keepData) {
      await writeState(files, { phase: 'stopped' });
      console.log(`${files.name} is down; its data stays for the next capstan up`);
      return;
    }
    await removeInstanceDirectory(files.planeDir);
    await forgetInstance(files);
    console.log(`${files.name} is down and its data removed`);
  });
}

/** Asks the keeper to stop everything in order; kills it when it does not, and then everything ends with it. */
async function stopKeeper(keeper: ProcessIdentity): Promise<void> {
  process.kill(keeper.pid, 'SIGTERM');
  const gone = async (): Promise<boolean> => !(await isProcessAlive(keeper));
  if (await waitUntil(gone, { timeoutMs: STOP_LIMIT_MS, intervalMs: 50 })) return;
  process.kill(keeper.pid, 'SIGKILL');
  await waitUntil(gone, { timeoutMs: STOP_LIMIT_MS, intervalMs: 50 });
}
