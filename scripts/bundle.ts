/**
 * `npm run build -w @capstan/<name>-operator`: each program of an operator as one file in its dist/, which is all that an image needs.
 * Run in the operator's folder: `node ../../scripts/bundle.ts operator=src/main.ts`.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** What is made into files, and where from. */
export interface Bundle {
  /** The folder of the package. */
  readonly root: string;
  /** Source files by the name of their program: `operator` becomes `operator.mjs`. */
  readonly programs: Readonly<Record<string, string>>;
  /** Where the files go; `dist` in the folder of the package unless told. */
  readonly outdir?: string;
}

/** Bundles programs into one file each, with everything that they import. */
export async function bundlePrograms({ root, programs, outdir = 'dist' }: Bundle): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: { ...programs },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    // CommonJS packages inside an ES module ask for `require`, which it does not have.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
}

/** `operator=src/main.ts` as a name and a source file. */
function programOf(argument: string): readonly [name: string, source: string] {
  const [name = '', source = ''] = argument.split('=');
  if (name !== '' && source !== '') return [name, source];
  throw new Error(`"${argument}" names no program: write it as operator=src/main.ts`);
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await bundlePrograms({ root: resolve('.'), programs: Object.fromEntries(process.argv.slice(2).map(programOf)) });
