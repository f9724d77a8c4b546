import { join } from 'node:path';
import { build } from 'esbuild';
import { repositoryPath } from './repository-path.ts';

/** CommonJS packages inside an ES module ask for `require`, which it does not have. */
const requireForCommonJs =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/**
 * Bundles the operator in `operators/<system>` into one JavaScript file in `dir`, as its image has it, and gives the file's path.
 * Run from source, Node would keep the machinery that strips types in memory, which no user's operator has.
 */
export function bundleOperator(system: string, dir: string): Promise<string> {
  return bundle(repositoryPath(`operators/${system}/src/main.ts`), join(dir, 'operator.mjs'));
}

/** Bundles a module with all it imports into one JavaScript file, and gives that file's path. */
export async function bundle(entry: string, outfile: string): Promise<string> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    banner: { js: requireForCommonJs },
    logLevel: 'silent',
  });
  return outfile;
}
