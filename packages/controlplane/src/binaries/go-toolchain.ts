import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Platform } from '../platform.ts';

/** An installed Go, and the environment to build in. */
export interface GoToolchain {
  /** Such as `1.26.8`. */
  readonly version: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The oldest Go that can fetch a newer one by itself (go.dev/doc/toolchain). */
const OLDEST_GO = '1.21';
/** The language version in go/go.mod. */
const WANTED_GO = '1.26.0';

/** Finds `go` on the PATH. Undefined when there is none, or one too old to fetch the toolchain that the modules ask for. */
export async function findGo(
  platform: Platform,
  env: NodeJS.ProcessEnv = process.env,
): Promise<GoToolchain | undefined> {
  try {
    const { stdout } = await promisify(execFile)('go', ['env', 'GOVERSION'], { env: { ...env, GOTOOLCHAIN: 'local' } });
    const version = /^go(\d+\.\d+(?:\.\d+)?)/.exec(stdout.trim())?.[1];
    if (version === undefined || compareVersions(version, OLDEST_GO) < 0) return undefined;
    return { version, env: buildEnvironment(version, platform, env) };
  } catch {
    // Not installed, or not able to say its version: there is no usable Go.
    return undefined;
  }
}

/**
 * The environment of the build: the caller's (proxies, caches, credentials of a module mirror), with everything fixed
 * that would change what is built or how it is resolved.
 */
export function buildEnvironment(goVersion: string, platform: Platform, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...env,
    CGO_ENABLED: '0',
    GOFLAGS: '-mod=readonly -buildvcs=false',
    GOOS: platform.os,
    GOARCH: platform.arch,
    GOTOOLCHAIN: compareVersions(goVersion, WANTED_GO) >= 0 ? 'local' : 'auto',
    GOWORK: 'off',
    GO111MODULE: 'on',
  };
}

/** Compares dotted numbers: negative when `a` is the older. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
