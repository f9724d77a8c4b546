import { access, constants, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ControlPlaneError } from '../control-plane-error.ts';
import { withLock } from '../lock.ts';
import { type Platform, platformOf } from '../platform.ts';
import { type ProgressListener, runSteps, type Step } from '../progress.ts';
import { buildSteps } from './build.ts';
import { cacheDirectory, programDirectory } from './cache-directory.ts';
import { requireFreeSpace } from './disk-space.ts';
import { downloadSteps, isDownloadReachable } from './download.ts';
import { findGo } from './go-toolchain.ts';
import { PROGRAMS, type Program } from './programs.ts';
import { requireFittingAssets } from './skew.ts';
import { KUBERNETES_VERSION } from './versions.ts';

/** Start of the names of directories inside the cache for what is not complete yet. */
const UNFINISHED = '.unfinished-';

/** Absolute path of each program. */
export type BinaryPaths = Readonly<Record<Program, string>>;

/** Which programs are wanted, and where to look. */
export interface ResolveOptions {
  /** Kubernetes version without `v`. */
  readonly version: string;
  /** A directory to look in first; `KUBEBUILDER_ASSETS` unless told. */
  readonly assets?: string | undefined;
  readonly onProgress?: ProgressListener | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Finds every program of a control plane, and gets what is missing: from the assets directory, from Capstan's cache, by
 * download of the official releases, by a build with the machine's Go. Two processes at once share one download or build.
 *
 * Throws `UnsupportedPlatform`, `BinariesUnavailable`, `BuildFailed`, `DownloadFailed` or `DiskFull`.
 */
export async function resolveBinaries(options: ResolveOptions): Promise<BinaryPaths> {
  const env = options.env ?? process.env;
  const platform = platformOf(process.platform, process.arch);
  const assets = options.assets ?? env['KUBEBUILDER_ASSETS'];
  const fromAssets = assets === undefined || assets === '' ? {} : await programsIn(assets);
  if (assets !== undefined) await requireFittingAssets(assets, fromAssets, options.version);
  const cache = await programDirectory(cacheDirectory(env), options.version, platform);
  const found = { ...(await programsIn(cache)), ...fromAssets };
  if (isComplete(found)) return found;
  const wait = { signal: options.signal, onWait: (holder: number) => announceWait(options, holder) };
  await withLock(`${cache}.lock`, () => obtainMissing(options, platform, cache, fromAssets, env), wait);
  const complete = { ...(await programsIn(cache)), ...fromAssets };
  if (isComplete(complete)) return complete;
  throw new ControlPlaneError(
    'BinariesUnavailable',
    `programs vanished from ${cache} while they were being made: try again`,
  );
}

/** Downloads what is missing, or builds it: where no download is reachable, and where one fails half way. */
async function obtainMissing(
  options: ResolveOptions,
  platform: Platform,
  cache: string,
  fromAssets: Partial<BinaryPaths>,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const stillMissing = async (): Promise<ReadonlySet<Program>> => {
    const found = { ...(await programsIn(cache)), ...fromAssets };
    return new Set(PROGRAMS.filter((program) => found[program] === undefined));
  };
  const run = async (makeSteps: (wanted: Wanted) => Step[]): Promise<void> =>
    await obtain(makeSteps, { missing: await stillMissing(), destination: cache }, options.onProgress);
  // Somebody else may have obtained them while this process waited for the lock.
  if ((await stillMissing()).size === 0) return;
  const { version, signal } = options;
  await mkdir(cache, { recursive: true });
  await removeUnfinished(cache);
  const download = await isDownloadReachable(platform, env);
  const go = version === KUBERNETES_VERSION ? await findGo(platform, env) : undefined;
  try {
    if (download) {
      await requireFreeSpace(cache, 'download');
      return await run((wanted) => downloadSteps({ ...wanted, version, platform, signal }));
    }
  } catch (error) {
    if (!(error instanceof ControlPlaneError) || error.code !== 'DownloadFailed' || go === undefined) throw error;
  }
  if (go === undefined) throw unavailable(version, platform, env);
  await requireFreeSpace(cache, 'build');
  await run((wanted) => buildSteps({ ...wanted, go, version, signal }));
}

interface Wanted {
  readonly missing: ReadonlySet<Program>;
  readonly destination: string;
  readonly workDir: string;
}

async function obtain(
  makeSteps: (wanted: Wanted) => Step[],
  wanted: Omit<Wanted, 'workDir'>,
  onProgress: ProgressListener = () => {},
): Promise<void> {
  const workDir = await mkdtemp(join(wanted.destination, UNFINISHED));
  try {
    await runSteps(makeSteps({ ...wanted, workDir }), onProgress);
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

function unavailable(version: string, platform: Platform, env: NodeJS.ProcessEnv): ControlPlaneError {
  const noDownload = whyNoDownload(platform, env);
  if (version !== KUBERNETES_VERSION) {
    const message = `Kubernetes ${version} can only be downloaded, and ${noDownload}: use ${KUBERNETES_VERSION}, or put the programs into a directory and set KUBEBUILDER_ASSETS to it`;
    return new ControlPlaneError('BinariesUnavailable', message);
  }
  return new ControlPlaneError(
    'BinariesUnavailable',
    `the control plane's programs are not here yet: ${noDownload}, and there is no Go (1.21 or newer) on the PATH to build them; install Go from go.dev/dl, or set KUBEBUILDER_ASSETS to a directory that holds ${PROGRAMS.join(', ')}`,
  );
}

function whyNoDownload({ os }: Platform, env: NodeJS.ProcessEnv): string {
  if (env['CAPSTAN_DOWNLOAD'] === 'never') return 'CAPSTAN_DOWNLOAD=never forbids to download them';
  return os === 'linux'
    ? 'dl.k8s.io and github.com do not answer from here'
    : 'macOS has no official release of kube-apiserver';
}

/** Removes what killed processes left; the lock is held, so nobody is at work in there. */
async function removeUnfinished(cache: string): Promise<void> {
  const names = (await readdir(cache)).filter((name) => name.startsWith(UNFINISHED));
  await Promise.all(names.map((name) => rm(join(cache, name), { recursive: true, force: true })));
}

async function programsIn(dir: string): Promise<Partial<Record<Program, string>>> {
  const entries = await Promise.all(
    PROGRAMS.map(async (program) => {
      const path = join(dir, program);
      const usable = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      );
      return usable ? [[program, path] as const] : [];
    }),
  );
  return Object.fromEntries(entries.flat());
}

function isComplete(found: Partial<Record<Program, string>>): found is Record<Program, string> {
  return PROGRAMS.every((program) => found[program] !== undefined);
}

function announceWait(options: ResolveOptions, holder: number): void {
  const title = `Waiting for process ${holder}, which is getting the same programs`;
  options.onProgress?.({ step: 1, steps: 1, title, elapsedMs: 0, remainingMs: undefined, done: false });
}
