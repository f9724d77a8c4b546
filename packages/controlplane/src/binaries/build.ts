import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ControlPlaneError } from '../control-plane-error.ts';
import type { Step } from '../progress.ts';
import { spawnTethered } from '../tethered-process.ts';
import { GO_MODULE_DIR, linkerFlags } from './cache-directory.ts';
import type { GoToolchain } from './go-toolchain.ts';
import { installFile } from './install-file.ts';
import { BUILD_MS, BUILD_ORDER, GO_PACKAGES, type Program } from './programs.ts';

/** What to build, and where to put it. */
export interface BuildOrder {
  readonly go: GoToolchain;
  readonly version: string;
  readonly missing: ReadonlySet<Program>;
  /** Receives the programs, each as soon as it is complete. */
  readonly destination: string;
  /** An empty directory on the same file system, for what is not complete yet. */
  readonly workDir: string;
  readonly signal?: AbortSignal | undefined;
}

/** Fetching the modules of go/go.mod (about 350 MB unpacked) over a usual line. */
const MODULES_MS = 40_000;

/** The steps that build the missing programs with Go: fetch the modules, then one step per program. */
export function buildSteps(order: BuildOrder): Step[] {
  const fetchModules: Step = {
    title: 'Fetching Go modules',
    typicalMs: MODULES_MS,
    network: true,
    run: () => runGo(order, ['mod', 'download']),
  };
  const builds = BUILD_ORDER.filter((program) => order.missing.has(program)).map(
    (program): Step => ({
      title: `Building ${program}`,
      typicalMs: BUILD_MS[program],
      run: async () => {
        const finished = join(order.workDir, program);
        await runGo(order, [
          'build',
          '-trimpath',
          '-ldflags',
          linkerFlags(order.version),
          '-o',
          finished,
          GO_PACKAGES[program],
        ]);
        await installFile(finished, join(order.destination, program));
      },
    }),
  );
  return [fetchModules, ...builds];
}

async function runGo(order: BuildOrder, args: readonly string[]): Promise<void> {
  order.signal?.throwIfAborted();
  const go = await spawnTethered({
    name: 'go',
    command: 'go',
    args,
    cwd: GO_MODULE_DIR,
    env: order.go.env,
    logFile: join(order.workDir, 'go.log'),
    lingerSeconds: 0,
  });
  const abort = (): void => void go.kill();
  order.signal?.addEventListener('abort', abort, { once: true });
  const status = await go.ended();
  order.signal?.removeEventListener('abort', abort);
  order.signal?.throwIfAborted();
  if (status.code !== 0) throw buildFailure(args, await readFile(go.logFile, 'utf8'));
}

/** Go tells a full disk and an unreachable module mirror only in words, so here the words decide. */
function buildFailure(args: readonly string[], complaints: string): ControlPlaneError {
  if (/no space left on device/i.test(complaints)) {
    const advice = 'free about 6 GB for the Go caches (`go env GOCACHE GOMODCACHE`) and for Capstan (CAPSTAN_CACHE)';
    return new ControlPlaneError('DiskFull', `no space left while building the control plane: ${advice}`);
  }
  const end = complaints
    .trim()
    .split('\n')
    .slice(-6)
    .map((line) => `  ${line}`)
    .join('\n');
  const what =
    args[0] === 'mod'
      ? 'the Go modules could not be fetched (is the network or GOPROXY reachable?)'
      : `go build of ${args.at(-1)} failed`;
  return new ControlPlaneError('BuildFailed', `${what}:\n${end}`);
}
