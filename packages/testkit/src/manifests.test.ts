import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readManifests } from './manifests.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'capstan-manifests-'));
});
afterAll(() => rm(dir, { recursive: true }));

function object(name: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
}

describe('reading manifests', () => {
  it('takes every document of every YAML file, in the order of file names', async () => {
    await writeFile(join(dir, 'b.yaml'), object('three'));
    await writeFile(join(dir, 'a.yaml'), `# a comment\n---\n${object('one')}---\n${object('two')}`);
    await writeFile(join(dir, 'notes.txt'), 'not YAML');
    expect((await readManifests(dir)).map(({ metadata }) => metadata.name)).toEqual(['one', 'two', 'three']);
  });

  it('takes a single file', async () => {
    await writeFile(join(dir, 'b.yaml'), object('three'));
    expect(await readManifests(join(dir, 'b.yaml'))).toEqual([
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'three' } },
    ]);
  });

  it('names the file of a document that is no object of Kubernetes', async () => {
    const file = join(dir, 'odd.yaml');
    await writeFile(file, 'kind: ConfigMap\n');
    await expect(readManifests(file)).rejects.toThrow(`${file}: a document without apiVersion`);
  });
});
