import { createInterface } from 'node:readline/promises';
import { UserError } from '../failure.ts';

/**
 * Has a person type a word before something is lost; anything else is a no.
 * @throws {UserError} where there is no terminal to ask at, whatever else was confirmed
 */
export async function typed(word: string, what: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new UserError(
      `${what} Only a person at a terminal may say so: run this there, or delete the resources first`,
    );
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await asking.question(`${what} Type ${word} to go on: `)).trim() === word;
  } finally {
    asking.close();
  }
}
