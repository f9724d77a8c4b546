import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The Java that Druid 33 is built for and tested with. */
export const WANTED_JAVA = 17;

/** Where an installed Java is. */
export interface Java {
  /** Such as 17. */
  readonly major: number;
  readonly java: string;
  readonly keytool: string;
}

/** Finds the Java of `JAVA_HOME`, else the one on the PATH; undefined when there is none. */
export async function findJava(env: NodeJS.ProcessEnv = process.env): Promise<Java | undefined> {
  const home = env['JAVA_HOME'];
  const program = (name: string): string => (home === undefined || home === '' ? name : join(home, 'bin', name));
  try {
    const { stdout } = await promisify(execFile)(program('java'), ['--version'], { env });
    const major = javaMajor(stdout);
    return major === undefined ? undefined : { major, java: program('java'), keytool: program('keytool') };
  } catch {
    // Not installed, or older than Java 9, which does not know this option: either way nothing Druid runs on.
    return undefined;
  }
}

/** The major version in what `java --version` prints, such as 17 for `openjdk 17.0.15 2025-04-15`. */
export function javaMajor(text: string): number | undefined {
  const major = /^\S+ (\d+)/.exec(text)?.[1];
  return major === undefined ? undefined : Number(major);
}
