import { bundlePrograms } from '../../scripts/bundle.ts';
import { repositoryPath } from './repository-path.ts';

/**
 * Bundles the operator in `operators/<system>` into one JavaScript file in `dir`, as its image has it, and gives the file's path.
 * Run from source, Node would keep the machinery that strips types in memory, which no user's operator has.
 */
export function bundleOperator(system: string, dir: string): Promise<string> {
  return bundle(repositoryPath(`operators/${system}`), 'src/main.ts', dir);
}

/** Bundles one module of a package with all it imports, as images have it, and gives the path of the one JavaScript file in `dir`. */
export async function bundle(root: string, entry: string, dir: string): Promise<string> {
  const [path = ''] = (await bundlePrograms({ root, programs: { operator: entry }, outdir: dir })).programs;
  return path;
}
