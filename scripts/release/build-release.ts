import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProgressListener } from '@capstan/controlplane';
import { runSteps, type Step } from '../../packages/controlplane/src/progress.ts';
import { type Artefact, artefactOf } from '../image/artefact.ts';
import { changelogSection } from './changelog.ts';
import { type Part, parts } from './parts.ts';
import type { SourceTree } from './source-tree.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A file that users get; its path is from the folder of the release, with `/`. */
export type ReleasedFile = Artefact;

/** What `release.json` says. */
export interface ReleaseManifest {
  readonly name: 'capstan';
  readonly version: string;
  readonly commit: string;
  /** When that was committed, ISO 8601. */
  readonly date: string;
  /** Whether files differed from the commit: then nobody else can make this release again. */
  readonly dirty: boolean;
  readonly artefacts: readonly ReleasedFile[];
}

/** What is to be released, and where it goes. */
export interface ReleaseOptions {
  readonly version: string;
  readonly source: SourceTree;
  readonly parts: readonly Part[];
  /** Made if it is not there. An earlier release in it goes. */
  readonly outdir: string;
  readonly onProgress?: ProgressListener;
}

/** A release as it lies in its folder. */
export interface Release {
  readonly manifest: ReleaseManifest;
  /** Every file of it but the checksums themselves. */
  readonly files: readonly ReleasedFile[];
}

export const checksumFile = 'SHA256SUMS';

/** What tells of a release. */
const descriptions = ['release.json', 'release-notes.md', checksumFile] as const;

/**
 * Makes every part of a release, and tells of it in `release.json` (what there is), `release-notes.md` (what is new) and
 * `SHA256SUMS`, which `sha256sum -c` reads. Nothing leaves the folder.
 *
 * @throws {Error} when something else lies in the folder, and what the maker of a part throws
 */
export async function buildRelease(options: ReleaseOptions): Promise<Release> {
  const { outdir, onProgress = () => {} } = options;
  await empty(outdir);
  await runSteps(
    options.parts.map((part) => stepOf(part, outdir)),
    onProgress,
  );
  const manifest = await describe(options);
  const files = await filesIn(outdir);
  await writeFile(join(outdir, checksumFile), checksums(files));
  return { manifest, files };
}

/** An earlier release goes; anything else that lies there is somebody's. */
async function empty(outdir: string): Promise<void> {
  await mkdir(outdir, { recursive: true });
  const found = await readdir(outdir);
  const known = new Set([...parts.map(({ name }) => name), ...descriptions]);
  const foreign = found.find((name) => !known.has(name));
  if (foreign !== undefined)
    throw new Error(`${outdir} holds ${foreign}, which is no part of a release: name another folder with --out`);
  for (const name of found) await rm(join(outdir, name), { recursive: true });
}

function stepOf({ name, title, build }: Part, outdir: string): Step {
  const folder = join(outdir, name);
  return {
    title,
    typicalMs: undefined,
    run: async () => {
      await mkdir(folder, { recursive: true });
      await build(folder);
    },
  };
}

async function describe({ version, source, outdir }: ReleaseOptions): Promise<ReleaseManifest> {
  const notes = changelogSection(await readFile(join(root, 'CHANGELOG.md'), 'utf8'), version);
  const { commit, date, changes } = source;
  const artefacts = await filesIn(outdir);
  const manifest = { name: 'capstan', version, commit, date, dirty: changes.length > 0, artefacts } as const;
  await writeFile(join(outdir, 'release-notes.md'), `# Capstan ${version}\n\n${notes.text}\n`);
  await writeFile(join(outdir, 'release.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  return manifest;
}

async function filesIn(directory: string): Promise<readonly ReleasedFile[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files: ReleasedFile[] = [];
  // One after the other: images are large.
  for (const path of paths.toSorted()) {
    const file = await artefactOf(path);
    files.push({ ...file, path: relative(directory, path).split(sep).join('/') });
  }
  return files;
}

/** A line per file, as `sha256sum` writes and reads them. */
function checksums(files: readonly ReleasedFile[]): string {
  return files.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join('');
}
