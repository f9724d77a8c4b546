import { cp, glob, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** One kind of thing that a release consists of. */
export interface Part {
  /** What it is called on the command line; also the folder in the release. */
  readonly name: string;
  /** What is said while it is made. */
  readonly title: string;
  /** Writes it into its folder. */
  build(outdir: string): Promise<void>;
}

/** Everything that a release consists of, in the order in which it is made. What makes a part is loaded when its turn comes. */
export const parts: readonly Part[] = [
  {
    name: 'install',
    title: 'Single-file installs and CRDs',
    build: async (outdir) => {
      await copy('deploy/*.yaml', outdir);
      await copy('deploy/crds/*.yaml', join(outdir, 'crds'));
    },
  },
  {
    name: 'npm',
    title: 'npm packages',
    build: async (outdir) => {
      const { packPackages } = await import('../packages/pack-packages.ts');
      await packPackages(outdir);
    },
  },
  {
    name: 'charts',
    title: 'Charts and their index',
    build: async (outdir) => {
      const { packageCharts, repositoryIndex } = await import('../charts/package-charts.ts');
      await packageCharts(outdir);
      // Relative to the index, wherever both are served.
      await repositoryIndex(outdir, '');
    },
  },
  {
    name: 'images',
    title: 'Bundles, images and SBOMs',
    build: async (outdir) => {
      const { buildImages } = await import('../image/build-images.ts');
      await buildImages(outdir, { architectures: ['amd64', 'arm64'] });
    },
  },
];

/**
 * The parts of these names, or all of them.
 * @throws {Error} for a name that there is not
 */
export function partsNamed(names: readonly string[] | undefined): readonly Part[] {
  const unknown = names?.find((name) => !parts.some((part) => part.name === name));
  if (unknown !== undefined)
    throw new Error(
      `there is no part "${unknown}" of a release; there are ${parts.map(({ name }) => name).join(', ')}`,
    );
  return names === undefined ? parts : parts.filter(({ name }) => names.includes(name));
}

async function copy(pattern: string, outdir: string): Promise<void> {
  await mkdir(outdir, { recursive: true });
  for await (const path of glob(pattern, { cwd: root })) await cp(join(root, path), join(outdir, basename(path)));
}
