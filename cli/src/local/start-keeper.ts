import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ProgressListener } from '@capstan/controlplane';
import { UserError } from '../failure.ts';
import type { InstanceFiles } from './instance.ts';
import type { KeeperMessage } from './keeper.ts';

const KEEPER = fileURLToPath(new URL('./keeper.ts', import.meta.url));

/**
 * Starts the process that keeps an instance up, in a session of its own so that it survives this terminal.
 * Resolves when the control plane is ready; throws a UserError with the keeper's own words when it could not start it.
 */
export async function startKeeper(files: InstanceFiles, nodes: string, onProgress: ProgressListener): Promise<void> {
  mkdirSync(files.dir, { recursive: true, mode: 0o700 });
  const log = openSync(files.log, 'a', 0o600);
  const keeper = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', KEEPER, files.name, nodes], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  try {
    await new Promise<void>((resolve, reject) => {
      keeper.on('message', (message: KeeperMessage) => {
        if (message.kind === 'progress') onProgress(message.progress);
        else if (message.kind === 'running') resolve();
        else reject(new UserError(message.message));
      });
      keeper.once('error', reject);
      keeper.once('exit', (code) =>
        reject(new UserError(`the control plane ended at once (exit code ${code}): see ${files.log}`)),
      );
    });
  } finally {
    if (keeper.connected) keeper.disconnect();
    keeper.unref();
  }
}
