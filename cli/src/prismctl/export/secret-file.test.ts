import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeSecretFile } from './secret-file.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'secret-file-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const login = { backend: 'minio', name: 'p-minio-login', namespace: 'prism', keys: ['rootPassword'] };

test('a file of Secrets is for its owner alone', async () => {
  const path = join(directory, 'secrets.yaml');
  await writeSecretFile(path, [{ ...login, values: { rootPassword: 'x y' } }]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readFile(path, 'utf8')).toContain('rootPassword: x y');
});

test('a file that exists is left as it is', async () => {
  const path = join(directory, 'mine.yaml');
  await writeFile(path, 'mine');
  await expect(writeSecretFile(path, [{ ...login, values: { rootPassword: 'x' } }])).rejects.toThrow(
    `${path} exists, and is never overwritten`,
  );
  expect(await readFile(path, 'utf8')).toBe('mine');
});

test('without a login that is known there is no file', async () => {
  const path = join(directory, 'none.yaml');
  await writeSecretFile(path, [login]);
  await expect(stat(path)).rejects.toThrow('ENOENT');
});
