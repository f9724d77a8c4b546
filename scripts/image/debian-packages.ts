import { execFile, spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheDirectory, withLock } from '@capstan/controlplane';
import { extract } from 'tar-stream';
import type { Architecture } from './architecture.ts';
import { type Artefact, artefactOf } from './artefact.ts';
import type { TarEntry } from './tar-archive.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('debian-packages.sh', import.meta.url));

/** A package of Debian, with what is of use in it. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  /** `all` for one that suits every processor. */
  readonly architecture: string;
  /** Its fields, as dpkg lists them of what is installed. */
  readonly control: string;
  /** Where it lies on this machine. */
  readonly archive: Artefact;
  /** Files and symbolic links, in the order of the package. */
  readonly entries: readonly TarEntry[];
}

/** Whether packages may be those of an earlier build, or must be what Debian has now, security updates included. */
export type Freshness = 'cached' | 'newest';

/**
 * What Node needs of Debian 12, by name: the C and C++ libraries, certificate authorities, and the name of the system.
 * @throws {Error} where packages must be fetched and this machine's apt knows no Debian archive
 */
export async function debianPackages(
  architecture: Architecture,
  freshness: Freshness,
): Promise<readonly DebianPackage[]> {
  const folder = join(cacheDirectory(), 'image', `debian-12-${architecture}`);
  return withLock(`${folder}.lock`, async () => {
    if (freshness === 'newest' || (await archivesIn(folder)).length === 0) await run(script, [architecture, folder]);
    return Promise.all((await archivesIn(folder)).map(readPackage));
  });
}

/** Why packages of Debian cannot be had on this machine; undefined where they can. */
export async function missingDebian(): Promise<string | undefined> {
  return run(script, ['--check']).then(
    () => undefined,
    // What the script says on standard error is the reason.
    ({ stderr }: { readonly stderr?: string }) => stderr?.trim() ?? `${script} cannot be run`,
  );
}

async function archivesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith('.deb'))
    .toSorted()
    .map((name) => join(folder, name));
}

async function readPackage(path: string): Promise<DebianPackage> {
  const { stdout: control } = await run('dpkg-deb', ['--field', path]);
  const field = (name: string) => new RegExp(`^${name}: (.+)$`, 'm').exec(control)?.[1] ?? '';
  return {
    name: field('Package'),
    version: field('Version'),
    architecture: field('Architecture'),
    control,
    archive: await artefactOf(path),
    entries: await entriesOf(path),
  };
}

async function entriesOf(path: string): Promise<readonly TarEntry[]> {
  const child = spawn('dpkg-deb', ['--fsys-tarfile', path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const entries: TarEntry[] = [];
  for await (const entry of child.stdout.pipe(extract())) {
    const { name, type, linkname, mode } = entry.header;
    const bytes = await buffer(entry);
    const inside = name.replace(/^\.\//, '');
    if (type === 'file') entries.push({ path: inside, content: { kind: 'file', bytes }, mode });
    if (type === 'symlink') entries.push({ path: inside, content: { kind: 'link', target: linkname } });
  }
  return entries;
}
