import { createInterface } from 'node:readline/promises';
import { UserError } from '../../failure.ts';

/**
 * Asks a person; anything but `y` or `yes` is a no.
 * @throws {UserError} where there is no terminal to ask at
 */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UserError('there is nobody to ask: --yes does it without asking');
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await asking.question(`${question} [y/N] `)).trim());
  } finally {
    asking.close();
  }
}
