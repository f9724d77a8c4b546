import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { BundledPackage } from './bundled-packages.ts';

interface Lock {
  readonly packages?: Readonly<Record<string, { readonly integrity?: string }>>;
}

/**
 * What the package-lock.json in `root` says of packages: their subresource integrity, undefined for those that lie in the repository.
 * What is asked throws an Error for a package of somebody else that the lock does not know: nobody could tell which bytes it is.
 */
export async function lockIntegrity(root: string): Promise<(found: BundledPackage) => string | undefined> {
  const { packages = {} }: Lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  return ({ folder, isOurs }) => {
    const key = relative(root, folder).split(sep).join('/');
    const integrity = packages[key]?.integrity;
    if (integrity === undefined && !isOurs) throw new Error(`package-lock.json has no integrity of ${key}: run npm ci`);
    return integrity;
  };
}
