import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDirectory, withLock } from '@capstan/controlplane';
import { runMaven } from './maven.ts';

/** The Druid that is started. The same as in druid/server/pom.xml. */
export const DRUID_VERSION = '33.0.0';

/** What can be fetched: Druid with ZooKeeper and Derby, Kafka, and Druid's users and passwords. Each has a pom.xml. */
export type JarSet = 'server' | 'kafka' | 'basic-security';

/** Where the pom.xml of a set is. */
function pomOf(set: JarSet): string {
  return fileURLToPath(new URL(`../../../druid/${set}/pom.xml`, import.meta.url));
}

/**
 * The directory of a set in Capstan's cache. Its name holds a hash of the pom, so that a change of versions never meets jars
 * fetched before it.
 */
async function jarDirectory(set: JarSet, cache: string = cacheDirectory()): Promise<string> {
  const hash = createHash('sha256').update(await readFile(pomOf(set)));
  return join(cache, 'druid', `${set}-${hash.digest('hex').slice(0, 12)}`);
}

/** Whether a set is in the cache already. */
export async function hasJars(set: JarSet): Promise<boolean> {
  try {
    await access(await jarDirectory(set));
    return true;
  } catch {
    // Whatever keeps it from being read, it has to be fetched.
    return false;
  }
}

/**
 * Gives the directory with all jars of a set, fetching them with Maven (its configured mirror and proxy) where the cache does not
 * have them. Two processes that need the same set fetch it once.
 * @throws {DruidError} `FetchFailed` with the end of what Maven said
 */
export async function provideJars(set: JarSet, signal?: AbortSignal): Promise<string> {
  const directory = await jarDirectory(set);
  if (await hasJars(set)) return directory;
  await withLock(
    `${directory}.lock`,
    async () => {
      if (!(await hasJars(set))) await fetchJars(set, directory, signal);
    },
    { signal },
  );
  return directory;
}

/** Renamed into place when it is whole: nobody ever sees half of a set. */
async function fetchJars(set: JarSet, directory: string, signal?: AbortSignal): Promise<void> {
  await mkdir(join(directory, '..'), { recursive: true, mode: 0o700 });
  const draft = await mkdtemp(`${directory}-`);
  const jars = join(draft, 'jars');
  try {
    await runMaven(
      ['-f', pomOf(set), 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${jars}`],
      draft,
      signal,
    );
    await rename(jars, directory);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
