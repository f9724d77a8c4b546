import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scaffold } from './scaffold.ts';

const clone = fileURLToPath(new URL('../../..', import.meta.url));
let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'capstan-init-'));
});

afterAll(() => rm(directory, { recursive: true }));

async function everythingIn(root: string): Promise<string> {
  const entries = await readdir(root, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return (await Promise.all(files.map(async (file) => `${file}\n${await readFile(file, 'utf8')}`))).join('\n');
}

describe('a scaffold', () => {
  it('has the new names everywhere and those of the template nowhere', async () => {
    const root = join(directory, 'queues');
    const made = await scaffold({
      name: 'queue-operator',
      kind: 'MessageQueue',
      group: 'queues.example.com',
      directory: root,
    });
    expect(made.paths).toEqual(
      expect.arrayContaining(['.gitignore', '.github/workflows/ci.yaml', 'src/api/v1alpha1/message-queue.ts']),
    );
    const text = await everythingIn(root);
    expect(text).not.toMatch(/sample[- ]?app|sample\.example/i);
    expect(text).toContain('kind: MessageQueue');
    expect(text).toContain("plural: 'messagequeues'");
  });

  it('takes its kind from the name of the operator', async () => {
    const { names } = await scaffold({ name: 'redis-cache-operator', directory: join(directory, 'cache') });
    expect([names.words.kind, names.group]).toEqual(['RedisCache', 'example.dev']);
  });

  it('links the packages of a clone by path, those they need in turn as well', async () => {
    const root = join(directory, 'linked');
    await scaffold({ name: 'linked-operator', directory: root, capstanFrom: clone });
    const { dependencies, devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    expect(dependencies['@capstan/runtime']).toMatch(/^file:.*packages\/runtime$/);
    expect(devDependencies['@capstan/controlplane']).toMatch(/^file:.*packages\/controlplane$/);
    expect(devDependencies.vitest).toMatch(/^\d/);
  });

  it.each([
    [{ name: 'Cache' }, 'the name "Cache" cannot be used'],
    [{ name: '../escape' }, 'the name "../escape" cannot be used'],
    [{ name: 'a', kind: 'message-queue' }, 'the kind "message-queue" cannot be used'],
    [{ name: 'a', group: 'nodots' }, 'the group "nodots" cannot be used'],
    [{ name: 'a', group: 'my.k8s.io' }, 'belongs to Kubernetes'],
    [{ name: 'a', plural: 'My-Things' }, 'the plural "My-Things" cannot be used'],
    [{ name: 'deployment-operator' }, '"Deployment" means something else'],
    [{ name: 'class-operator' }, '"class" means something else'],
    [{ name: 'cache', capstanFrom: tmpdir() }, 'is no clone of Capstan'],
  ])('of %j is refused: %s', async (options, sentence) => {
    const root = join(directory, 'refused');
    await expect(scaffold({ directory: root, ...options })).rejects.toThrow(sentence);
    await expect(readdir(root)).rejects.toThrow('ENOENT');
  });

  it('is refused where something is already, which stays as it is', async () => {
    await writeFile(join(directory, 'precious.txt'), 'mine');
    await expect(scaffold({ name: 'cache-operator', directory })).rejects.toThrow(/is not empty .*nothing was written/);
    expect(await readFile(join(directory, 'precious.txt'), 'utf8')).toBe('mine');
    const file = join(directory, 'precious.txt');
    await expect(scaffold({ name: 'cache-operator', directory: file })).rejects.toThrow(
      /precious\.txt cannot be used: ENOTDIR/,
    );
  });
});
