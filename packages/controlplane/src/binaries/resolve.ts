import { access, constants, mkdir, mkdtemp, rm } from 'node:fs/promises';
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

async function obtainMissing(
  options: ResolveOptions,
  platform: Platform,
  cache: string,
  fromAssets: Partial<BinaryPaths>,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  // Somebody else may have obtained them while this process waited for the lock.
  const found = { ...(await programsIn(cache)), ...fromAssets };
  const missing = new Set(PROGRAMS.filter((program) => found[program] === undefined));
  if (missing.size === 0) return;
  await mkdir(cache, { recursive: true });
  const workDir = await mkdtemp(join(cache, '.unfinished-'));
  try {
    const steps = await stepsToObtain({ ...options, env }, platform, { missing, destination: cache, workDir });
    await runSteps(steps, options.onProgress ?? (() => {}));
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

interface Wanted {
  readonly missing: ReadonlySet<Program>;
  readonly destination: string;
  readonly workDir: string;
}

async function stepsToObtain(
  options: ResolveOptions & { readonly env: NodeJS.ProcessEnv },
  platform: Platform,
  wanted: Wanted,
): Promise<Step[]> {
  const { version, signal, env } = options;
  if (await isDownloadReachable(platform, env)) {
    await requireFreeSpace(wanted.destination, 'download');
    return downloadSteps({ ...wanted, version, platform, signal });
  }
  const go = await findGo(platform, env);
  if (version !== KUBERNETES_VERSION || go === undefined) throw unavailable(version, platform);
  await requireFreeSpace(wanted.destination, 'build');
  return buildSteps({ ...wanted, go, version, signal });
}

function unavailable(version: string, platform: Platform): ControlPlaneError {
  if (version !== KUBERNETES_VERSION) {
    const message = `Kubernetes ${version} can only be downloaded, and dl.k8s.io and github.com do not answer from here: use ${KUBERNETES_VERSION}, or put the programs into a directory and set KUBEBUILDER_ASSETS to it`;
    return new ControlPlaneError('BinariesUnavailable', message);
  }
  const download =
    platform.os === 'linux'
      ? 'dl.k8s.io and github.com do not answer from here'
      : 'macOS has no official release of kube-apiserver';
  return new ControlPlaneError(
    'BinariesUnavailable',
    `the control plane's programs are not here yet: ${download}, and there is no Go (1.21 or newer) on the PATH to build them; install Go from go.dev/dl, or set KUBEBUILDER_ASSETS to a directory that holds ${PROGRAMS.join(', ')}`,
  );
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
