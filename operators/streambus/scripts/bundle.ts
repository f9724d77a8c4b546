/** `npm run build -w @capstan/streambus-operator`: the operator and the proxy's agent, a file each in dist/: all that the image needs. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Bundles both programs into `outdir`, as `operator.mjs` and `agent.mjs`. */
export async function bundlePrograms(outdir: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: { operator: 'src/main.ts', agent: 'src/agent/main.ts' },
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

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundlePrograms('dist');
