import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { spawnTethered } from '@capstan/controlplane';
import { DruidError } from './druid-error.ts';
import { lastLines } from './last-lines.ts';

/** Whether Maven is on the PATH and runs. */
export async function hasMaven(env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  try {
    await promisify(execFile)('mvn', ['--version'], { env });
    return true;
  } catch {
    // Not installed, or without a Java: it fetches nothing.
    return false;
  }
}

/**
 * Runs Maven to its end, with its log in `workDir`.
 * @throws {DruidError} `FetchFailed` when it ends with an error
 */
export async function runMaven(args: readonly string[], workDir: string, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const maven = await spawnTethered({
    name: 'maven',
    command: 'mvn',
    args: ['--batch-mode', '--quiet', ...args],
    cwd: workDir,
    logFile: join(workDir, 'maven.log'),
    lingerSeconds: 0,
  });
  const abort = (): void => void maven.kill();
  signal?.addEventListener('abort', abort, { once: true });
  const status = await maven.ended();
  signal?.removeEventListener('abort', abort);
  signal?.throwIfAborted();
  if (status.code === 0) return;
  const advice = 'is the repository in its settings.xml, or Maven Central, reachable?';
  throw new DruidError('FetchFailed', `Maven failed; ${advice}\n${await lastLines(maven.logFile, /^\[ERROR\]/)}`);
}
