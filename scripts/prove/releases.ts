import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import type { ProcessImage } from '@capstan/testkit';
import { bundlePrograms } from '../bundle.ts';

/** A version of an operator that can be installed: its chart, and what stands in for its image. */
export interface Release {
  readonly version: string;
  /** Path of the packaged chart. */
  readonly chart: string;
  /** Path of the bundle that is `/operator.mjs` in the image. */
  readonly bundle: string;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The release before, as it was shipped: the newest of those kept in `test/releases`, for nobody can build it any more.
 * @throws {Error} where none is kept
 */
export async function previousRelease(operator: string, dir: string): Promise<Release> {
  const releases = join(root, 'test', 'releases');
  const versions = (await readdir(releases)).filter((name) => /^\d+\.\d+\.\d+$/.test(name));
  const version = versions.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  if (version === undefined) throw new Error(`${releases} keeps no release`);
  const kept = join(releases, version);
  const bundle = join(dir, `${operator}-${version}.mjs`);
  await mkdir(dir, { recursive: true });
  await writeFile(bundle, brotliDecompressSync(await readFile(join(kept, `${operator}.mjs.br`))));
  return { version, bundle, chart: join(kept, `${operator}-${version}.tgz`) };
}

/** What this checkout makes: the bundle of its sources, and the chart among `charts` (paths of packages). */
export async function thisRelease(operator: string, dir: string, charts: readonly string[]): Promise<Release> {
  const version = await versionOf(operator);
  const chart = charts.find((path) => path.endsWith(`/${operator}-${version}.tgz`));
  if (chart === undefined) throw new Error(`there is no chart ${operator}-${version}.tgz among ${charts.join(', ')}`);
  const outdir = join(dir, `${operator}-${version}`);
  await bundlePrograms({ root: folderOf(operator), programs: { operator: 'src/main.ts' }, outdir });
  return { version, chart, bundle: join(outdir, 'operator.mjs') };
}

/** What stands in for the images of an operator's releases; undefined for other images. */
export function imagesOf(
  operator: string,
  releases: readonly Release[],
  nodeFlags: readonly string[],
): (name: string) => ProcessImage | undefined {
  return (name) => {
    const release = releases.find(({ version }) => name === `capstan/${operator}:${version}`);
    if (release === undefined) return undefined;
    const node = process.execPath;
    return {
      entrypoint: [node, ...nodeFlags, release.bundle],
      files: { '/operator.mjs': release.bundle, '/nodejs/bin/node': node },
    };
  };
}

function folderOf(operator: string): string {
  return join(root, 'operators', operator.replace(/-operator$/, ''));
}

async function versionOf(operator: string): Promise<string> {
  const { version }: { version: unknown } = JSON.parse(
    await readFile(join(folderOf(operator), 'package.json'), 'utf8'),
  );
  return String(version);
}
