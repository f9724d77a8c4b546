import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, chmod, constants, mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheDirectory, withLock } from '@capstan/controlplane';

/** The main package of each tool, inside the module of its folder: a tool of somebody else, or a program of ours (`.`). */
const packages = {
  helm: 'helm.sh/helm/v4/cmd/helm',
  'flux-health': '.',
  kstatus: '.',
  'lua-health': '.',
  'operator-verify': '.',
} as const;

export type GoToolName = keyof typeof packages;

/** Every tool there is. */
export const goToolNames = Object.keys(packages) as readonly GoToolName[]; // exactly the keys of the table above

/**
 * The path of a program that is written in Go, at the version that `go-tools/<name>/go.mod` pins. It is built on first use
 * and kept in Capstan's cache, for all checkouts.
 * @throws {Error} where there is no Go, or the build fails, with what Go says
 */
export async function goTool(name: GoToolName): Promise<string> {
  const module = fileURLToPath(new URL(`./${name}/`, import.meta.url));
  const program = join(cacheDirectory(), 'go-tools', `${name}-${await contentHash(module)}`, name);
  if (!(await isProgram(program))) await withLock(`${program}.lock`, () => build(name, module, program));
  return program;
}

async function build(name: GoToolName, module: string, program: string): Promise<void> {
  // Somebody else may have built it while this process waited for the lock.
  if (await isProgram(program)) return;
  await mkdir(join(program, '..'), { recursive: true });
  const unfinished = `${program}.unfinished`;
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly -buildvcs=false', GOWORK: 'off' };
  const args = ['build', '-trimpath', '-ldflags', '-s -w', '-o', unfinished, packages[name]];
  try {
    await promisify(execFile)('go', args, { cwd: module, env, maxBuffer: 16 * 1024 * 1024 });
  } catch (error) {
    throw new Error(`${name} cannot be built with Go: ${error instanceof Error ? error.message : String(error)}`);
  }
  await chmod(unfinished, 0o755);
  await rename(unfinished, program);
}

/** Of every file that the program is made from, so that no checkout meets the program of another. */
async function contentHash(module: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of (await readdir(module)).sort()) hash.update(file).update(await readFile(join(module, file)));
  return hash.digest('hex').slice(0, 12);
}

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
