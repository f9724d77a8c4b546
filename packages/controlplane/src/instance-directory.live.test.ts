import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claimInstanceDirectory, releaseInstanceDirectory, removeAbandonedDirectories } from './instance-directory.ts';

/** A volume as the host-path provisioner makes it, and the name that nobody else has. */
async function volume(): Promise<string> {
  const path = join('/tmp/hostpath_pv', crypto.randomUUID());
  await mkdir(path, { recursive: true });
  return path;
}

async function abandoned(owner: object): Promise<{ dir: string; volume: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'capstan-control-plane-'));
  const made = await volume();
  await mkdir(join(dir, 'etcd/member/snap'), { recursive: true });
  await writeFile(
    join(dir, 'etcd/member/snap/db'),
    Buffer.concat([Buffer.from([0, 255, 10]), Buffer.from(made), Buffer.from([18, 0])]),
  );
  await writeFile(join(dir, 'owner.json'), JSON.stringify(owner));
  return { dir, volume: made };
}

test('what a killed process left is removed with its volumes, and nothing of anybody else', async () => {
  const left = await abandoned({ pid: process.pid, started: 'in another life' });
  const living = await claimInstanceDirectory(undefined);
  const strangers = await volume();
  await removeAbandonedDirectories();
  expect([left.dir, left.volume, living.paths.dir, strangers].map((path) => existsSync(path))).toEqual([
    false,
    false,
    true,
    true,
  ]);
  await releaseInstanceDirectory(living);
  await rm(strangers, { recursive: true });
});

test('a temporary directory goes when it is released', async () => {
  const directory = await claimInstanceDirectory(undefined);
  expect(directory.temporary).toBe(true);
  await releaseInstanceDirectory(directory);
  expect(existsSync(directory.paths.dir)).toBe(false);
});

test('a directory of the caller stays, and has one owner at a time', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'capstan-test-'));
  const first = await claimInstanceDirectory(dir);
  await expect(claimInstanceDirectory(dir)).rejects.toThrow(
    `${dir} is in use by the control plane of process ${process.pid}: choose another directory`,
  );
  await releaseInstanceDirectory(first);
  expect(existsSync(dir)).toBe(true);
  await releaseInstanceDirectory(await claimInstanceDirectory(dir));
  await rm(dir, { recursive: true });
});
