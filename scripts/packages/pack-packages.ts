/**
 * `node scripts/packages/pack-packages.ts [FOLDER]`: the npm packages as they would be published, as tarballs in a folder
 * (`dist/packages` unless told).
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Compiled, compilePackages } from './compile-packages.ts';
import { type PublishManifest, publishManifest, tarballName } from './publish-manifest.ts';
import { type SourcePackage, sourcePackages } from './source-package.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A package as it would be published. */
export interface PackedPackage {
  readonly manifest: PublishManifest;
  /** Path of the tarball. */
  readonly tarball: string;
}

/**
 * Makes the tarball of every published package. The same sources give the same bytes.
 *
 * @param outdir made if it is not there
 * @throws {Error} when a package cannot be compiled, lacks a README, or npm fails
 */
export async function packPackages(outdir: string): Promise<readonly PackedPackage[]> {
  const staging = await mkdtemp(join(tmpdir(), 'capstan-packages-'));
  try {
    await mkdir(outdir, { recursive: true });
    const sources = await sourcePackages(root);
    const compiled = compilePackages(root, sources);
    const ours = new Set(sources.map(({ manifest }) => manifest.name));
    const staged: { readonly manifest: PublishManifest; readonly directory: string }[] = [];
    for (const source of sources) {
      const manifest = publishManifest(source.manifest, ours);
      const directory = join(staging, manifest.name);
      await stage(source, { directory, manifest, files: compiled.get(manifest.name) ?? new Map() });
      staged.push({ manifest, directory });
    }
    await npmPack(
      staged.map(({ directory }) => directory),
      resolve(outdir),
    );
    return staged.map(({ manifest }) => ({ manifest, tarball: join(outdir, tarballName(manifest)) }));
  } finally {
    await rm(staging, { recursive: true });
  }
}

interface Staged {
  readonly directory: string;
  readonly manifest: PublishManifest;
  readonly files: Compiled;
}

/** Lays a package out as it is published. */
async function stage(source: SourcePackage, { directory, manifest, files }: Staged): Promise<void> {
  for (const [path, text] of files) await write(join(directory, path), text);
  await write(join(directory, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  for (const asset of source.manifest.files ?? [])
    await cp(join(source.directory, asset), join(directory, asset), { recursive: true });
  await cp(join(source.directory, 'README.md'), join(directory, 'README.md'));
  await cp(join(root, 'LICENSE'), join(directory, 'LICENSE'));
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** npm sets times and owners itself, the same each time. A `--dry-run` of the npm that started this is not meant for it. */
async function npmPack(directories: readonly string[], outdir: string): Promise<void> {
  const options = ['--dry-run=false', '--ignore-scripts', '--loglevel=error', `--pack-destination=${outdir}`];
  await promisify(execFile)('npm', ['pack', ...options, ...directories], { cwd: dirname(directories[0] ?? root) });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [outdir = join(root, 'dist', 'packages')] = process.argv.slice(2);
  for (const { tarball } of await packPackages(outdir)) console.log(tarball);
}
