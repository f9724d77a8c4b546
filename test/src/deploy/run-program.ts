import { execFile } from 'node:child_process';

/** What a program has written. */
export interface ProgramOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end, with a text on its standard input where one is told.
 * @throws {Error} with what it wrote, when it ends with another code than 0
 */
export function runProgram(program: string, args: readonly string[], input?: string): Promise<ProgramOutput> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { maxBuffer: 32 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve({ stdout, stderr });
      else reject(new Error(`${program} ${args.join(' ')}: ${error.message}\n${stdout}`));
    });
    child.stdin?.end(input);
  });
}
