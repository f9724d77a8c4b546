import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The package.json of a package as it is developed: it exports TypeScript. */
export interface SourceManifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly keywords?: readonly string[];
  readonly private?: boolean;
  readonly engines: { readonly node: string };
  readonly sideEffects?: boolean;
  /** What ships beside the code, such as files that are read at run time. */
  readonly files?: readonly string[];
  /** Sources by what importers write: `.` is `./src/index.ts`. */
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** A package of the repository that is published. */
export interface SourcePackage {
  readonly directory: string;
  readonly manifest: SourceManifest;
}

/** Every package of `packages/` that is not marked as private, in the order of their folders. */
export async function sourcePackages(root: string): Promise<readonly SourcePackage[]> {
  const folders = (await readdir(join(root, 'packages'))).toSorted();
  const packages = await Promise.all(folders.map((folder) => sourcePackage(join(root, 'packages', folder))));
  return packages.filter(({ manifest }) => manifest.private !== true);
}

async function sourcePackage(directory: string): Promise<SourcePackage> {
  const manifest: SourceManifest = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'));
  return { directory, manifest };
}
