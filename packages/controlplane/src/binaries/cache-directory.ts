import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Platform } from '../platform.ts';
import { platformName } from './programs.ts';
import { ETCD_VERSION, KWOK_VERSION } from './versions.ts';

/** The Go module that the programs are built from. */
export const GO_MODULE_DIR = fileURLToPath(new URL('../../go/', import.meta.url));

/** The variables that hold a program's version: what `/version` and `--version` report, and the User-Agent of clients. */
const VERSION_PACKAGES = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'];

/** Linker flags of the build: no symbol tables, and the version that the Go modules alone do not know. */
export function linkerFlags(version: string): string {
  const [major = '', minor = ''] = version.split('.');
  const variables = { gitVersion: `v${version}`, gitMajor: major, gitMinor: minor };
  const settings = VERSION_PACKAGES.flatMap((name) =>
    Object.entries(variables).map(([variable, value]) => `-X ${name}.${variable}=${value}`),
  );
  return ['-s', '-w', ...settings].join(' ');
}

/** Where Capstan keeps what it can make again: `CAPSTAN_CACHE`, else `XDG_CACHE_HOME/capstan`, else `~/.cache/capstan`. */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  const own = env['CAPSTAN_CACHE'];
  if (own !== undefined && own !== '') return own;
  const xdg = env['XDG_CACHE_HOME'];
  return join(xdg !== undefined && xdg !== '' ? xdg : join(homedir(), '.cache'), 'capstan');
}

/**
 * The directory for the programs of one version on one platform. Its name holds a hash of the Go modules and of the
 * flags, so that a change of either never meets programs made before it.
 */
export async function programDirectory(cache: string, version: string, platform: Platform): Promise<string> {
  const hash = createHash('sha256').update(linkerFlags(version)).update(ETCD_VERSION).update(KWOK_VERSION);
  for (const file of ['go.mod', 'go.sum']) hash.update(await readFile(join(GO_MODULE_DIR, file)));
  return join(cache, 'binaries', `v${version}-${hash.digest('hex').slice(0, 12)}-${platformName(platform)}`);
}
