/**
 * `npm run build -w @capstan/<name>-operator`: each program of an operator as one file in its dist/, which is all that an image needs,
 * and beside them the licences of what is inside. Run in the operator's folder: `node ../../scripts/bundle.ts`.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile, type OutputFile, type Plugin } from 'esbuild';
import { type BundledPackage, bundledPackages } from './image/bundled-packages.ts';
import { thirdPartyNotice } from './image/third-party-notice.ts';

/** What is made into files, and where from. */
export interface Bundle {
  /** The folder of the package. */
  readonly root: string;
  /** Source files by the name of their program: `operator` becomes `operator.mjs`. */
  readonly programs: Readonly<Record<string, string>>;
  /** Where the files go; `dist` in the folder of the package unless told. */
  readonly outdir?: string;
}

/** What was made. */
export interface BundledPrograms {
  /** Paths of the programs, in the order of their names. */
  readonly programs: readonly string[];
  /** Path of `LICENSES.txt`: whose code is inside, under which licences. */
  readonly notice: string;
  /** Every package with code inside, ours included, by name. */
  readonly packages: readonly BundledPackage[];
  /** What esbuild says of the programs; paths are relative to the folder of the package. */
  readonly metafile: Metafile;
}

/**
 * An `import` of a built-in module reads every one of its exports, and one of node:http is a WebSocket that takes all of undici to be
 * loaded: 10 to 25 ms of each start. What is required instead is read when it is used.
 */
const requiredHttp: Plugin = {
  name: 'required-http',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?http$/ }, ({ path, kind }) =>
      kind === 'require-call' ? { path, external: true } : { path, namespace: 'required' },
    );
    onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};

/** How programs are made into one file each. The same sources give the same bytes, in whatever folder the repository lies. */
const settings = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  // CommonJS packages inside an ES module ask for `require`, which it does not have.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  plugins: [requiredHttp],
  // Not minified. A program of half the size is loaded no faster (fastest of eleven, minified and not: Prism 316 and 311 ms, StreamBus 189
  // and 214 ms), the image stays as large as its Node, and a stack trace names functions and lines as they were written, without a
  // source map, which Node would have to read at the start.
  minify: false,
  legalComments: 'external',
  logLevel: 'warning',
} as const satisfies BuildOptions;

/**
 * Bundles programs into one file each, with everything that they import, and writes the licences of what is inside beside them.
 * @throws {Error} what esbuild cannot resolve or read, and a source file that belongs to no package
 */
export async function bundlePrograms({ root, programs, outdir = 'dist' }: Bundle): Promise<BundledPrograms> {
  const { outputFiles, metafile } = await build({
    ...settings,
    absWorkingDir: root,
    entryPoints: { ...programs },
    outdir,
    outExtension: { '.js': '.mjs' },
    metafile: true,
    write: false,
  });
  const packages = await bundledPackages(root, metafile);
  const isProgram = ({ path }: OutputFile) => path.endsWith('.mjs');
  const legalComments = outputFiles.filter((file) => !isProgram(file)).map(({ text }) => text);
  const written = outputFiles.filter(isProgram).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const notice = join(resolve(root, outdir), 'LICENSES.txt');
  await mkdir(resolve(root, outdir), { recursive: true });
  for (const { path, contents } of written) await writeFile(path, contents);
  await writeFile(notice, await thirdPartyNotice(packages, legalComments));
  return { programs: written.map(({ path }) => path), notice, packages, metafile };
}

/**
 * The programs of an operator in `root`, its source files by the name of their program: `src/main.ts` is `operator`, and each
 * `src/<name>/main.ts` is `<name>`.
 */
export async function programsOf(root: string): Promise<Readonly<Record<string, string>>> {
  const folders = (await readdir(join(root, 'src'), { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const further = folders.map(({ name }) => name).filter((name) => existsSync(join(root, 'src', name, 'main.ts')));
  return {
    operator: 'src/main.ts',
    ...Object.fromEntries(further.toSorted().map((name) => [name, `src/${name}/main.ts`])),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = resolve('.');
  const { programs, notice } = await bundlePrograms({ root, programs: await programsOf(root) });
  for (const file of [...programs, notice]) console.log(`wrote dist/${basename(file)}`);
}
