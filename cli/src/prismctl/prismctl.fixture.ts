import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CommandOutcome } from '../capstan.fixture.ts';

const launcher = fileURLToPath(new URL('../../bin/prismctl.mjs', import.meta.url));

/** Runs `prismctl kubernetes` as a user would, in a pipe. */
export function prismctl(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CommandOutcome> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...env } };
    execFile(process.execPath, [launcher, 'kubernetes', ...args], options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

/** One that watches, until it is interrupted. */
export interface WatchingPrismctl {
  /** What it has printed so far. */
  readonly lines: readonly string[];
  /** As Ctrl-C does; resolves with the exit code. */
  interrupt(): Promise<number | null>;
}

/** Starts `prismctl kubernetes` with `--watch`. */
export function watchingPrismctl(args: readonly string[]): WatchingPrismctl {
  const child: ChildProcess = spawn(process.execPath, [launcher, 'kubernetes', ...args, '--watch']);
  let text = '';
  child.stdout?.on('data', (part: Buffer) => {
    text += part.toString('utf8');
  });
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  return {
    get lines() {
      return text.split('\n').slice(0, -1);
    },
    interrupt: () => {
      child.kill('SIGINT');
      return ended;
    },
  };
}
