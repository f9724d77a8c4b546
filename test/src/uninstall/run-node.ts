import { execFile } from 'node:child_process';

/** How a command ended, and what it said. */
export interface CommandOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program with the Node of the tests, whatever its exit code. */
export function runNode(args: readonly string[]): Promise<CommandOutcome> {
  const command = ['--disable-warning=ExperimentalWarning', ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
  });
}
