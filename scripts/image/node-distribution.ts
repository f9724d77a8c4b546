import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDirectory, withLock } from '@capstan/controlplane';
import { type Architecture, architectures } from './architecture.ts';

const run = promisify(execFile);

/** Node as it is released: one program, which needs only the C and C++ libraries beside it. */
export interface NodeDistribution {
  readonly version: string;
  readonly program: Uint8Array;
  /** Of Node, and of everything that is compiled into it. */
  readonly license: string;
}

/**
 * The official build of the Node version that this process runs, for Linux, out of the npm package that carries it. npm checks
 * what it fetches; it is kept in Capstan's cache.
 * @throws {Error} what npm says, where the package cannot be had
 */
export async function nodeDistribution(architecture: Architecture): Promise<NodeDistribution> {
  const version = process.versions.node;
  const name = `node-linux-${architectures[architecture].node}`;
  const folder = join(cacheDirectory(), 'image', `${name}-${version}`);
  await mkdir(dirname(folder), { recursive: true });
  await withLock(`${folder}.lock`, async () => {
    if ((await readFile(join(folder, 'LICENSE')).catch(() => undefined)) === undefined)
      await unpack(`${name}@${version}`, folder);
  });
  return {
    version,
    program: await readFile(join(folder, 'bin', 'node')),
    license: await readFile(join(folder, 'LICENSE'), 'utf8'),
  };
}

async function unpack(name: string, folder: string): Promise<void> {
  const work = await mkdtemp(`${folder}.unfinished-`);
  try {
    const { stdout } = await run('npm', ['pack', '--silent', '--prefer-offline', name], { cwd: work });
    await run('tar', ['-xzf', stdout.trim(), 'package/bin/node', 'package/LICENSE'], { cwd: work });
    await rm(folder, { recursive: true, force: true });
    await rename(join(work, 'package'), folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
