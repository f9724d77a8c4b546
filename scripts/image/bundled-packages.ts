import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Metafile } from 'esbuild';

/** A package that has code in a bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** As its package.json says it, an SPDX expression by npm's rules; undefined where it says none. */
  readonly license: string | undefined;
  /** Where it lies on this machine. */
  readonly folder: string;
  /** Whether it lies in the repository itself rather than in `node_modules`. */
  readonly isOurs: boolean;
  /** Keys (see {@link keyOf}) of the packages inside that its code in the bundle imports, sorted. */
  readonly imports: readonly string[];
}

/** `name@version`: tells packages apart, also two versions of one. */
export function keyOf({ name, version }: Pick<BundledPackage, 'name' | 'version'>): string {
  return `${name}@${version}`;
}

/**
 * Every package of which at least one byte is in the outputs of a metafile, sorted by key. What was only read, and left out again,
 * is not among them.
 * @param root the folder that the metafile's paths start from
 * @throws {Error} for a file that belongs to no package
 */
export async function bundledPackages(root: string, { inputs, outputs }: Metafile): Promise<readonly BundledPackage[]> {
  const packageByFile = await packagesOf(root, Object.keys(inputs));
  const inside = new Map<string, FoundPackage>();
  for (const [file, { bytesInOutput }] of Object.values(outputs).flatMap((output) => Object.entries(output.inputs))) {
    const found = packageByFile.get(file);
    if (found !== undefined && bytesInOutput > 0) inside.set(keyOf(found), found);
  }
  const imports = importsOf(inputs, packageByFile);
  return [...inside]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, found]) => ({
      ...found,
      imports: [...(imports.get(key) ?? [])].filter((one) => inside.has(one)).toSorted(),
    }));
}

/** By the key of the importing package. A file that only passes on what others export counts, though nothing is left of it. */
function importsOf(
  inputs: Metafile['inputs'],
  packageByFile: ReadonlyMap<string, FoundPackage>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const imports = new Map<string, Set<string>>();
  for (const [file, input] of Object.entries(inputs)) {
    const importing = packageByFile.get(file);
    for (const imported of input.imports.map(({ path }) => packageByFile.get(path))) {
      if (importing === undefined || imported === undefined || keyOf(importing) === keyOf(imported)) continue;
      const known = imports.get(keyOf(importing)) ?? new Set();
      imports.set(keyOf(importing), known.add(keyOf(imported)));
    }
  }
  return imports;
}

async function packagesOf(root: string, files: readonly string[]): Promise<ReadonlyMap<string, FoundPackage>> {
  const byFolder = new Map<string, FoundPackage>();
  const byFile = new Map<string, FoundPackage>();
  for (const file of files) {
    const found = byFolder.get(dirname(file)) ?? (await packageOf(resolve(root, file)));
    byFolder.set(dirname(file), found);
    byFile.set(file, found);
  }
  return byFile;
}

type FoundPackage = Omit<BundledPackage, 'imports'>;

/** The nearest folder above whose package.json has a name and a version: some packages mark folders inside by one without. */
async function packageOf(file: string): Promise<FoundPackage> {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const { name, version, license } = await manifestIn(folder);
    if (typeof name !== 'string' || typeof version !== 'string') continue;
    const isOurs = !folder.split(/[\\/]/).includes('node_modules');
    return { name, version, license: typeof license === 'string' ? license : undefined, folder, isOurs };
  }
  throw new Error(`${file} belongs to no package: no package.json above it has a name and a version`);
}

async function manifestIn(folder: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    // What is no object has no fields either.
    return Object(manifest);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}
