import { expect, test } from 'vitest';
import { readManifest } from './manifest-reader.ts';

test('the objects of a manifest are read, with where they stand', async () => {
  const one = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';
  expect(await readManifest(one)).toEqual([
    { source: 'the manifest', object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } } },
  ]);
  expect((await readManifest(`${one}---\n${one}`)).map(({ source }) => source)).toEqual([
    'the manifest, document 1',
    'the manifest, document 2',
  ]);
});

test.each([
  ['no YAML', 'a: 1\nb: [1', 'the manifest is no YAML: .*at line 2, column'],
  ['an object without a name', '{apiVersion: v1, kind: A, metadata: {}}', 'metadata.name is missing'],
  [
    'aliases of aliases',
    `a: &a [${'x,'.repeat(9)}]\n${[...'bcdefghi'].map((key, index) => `${key}: &${key} [${`*${'abcdefgh'[index]},`.repeat(9)}]`).join('\n')}`,
    'too many aliases',
  ],
])('%s is refused with a sentence', async (_what, manifest, sentence) => {
  await expect(readManifest(manifest)).rejects.toThrow(
    expect.objectContaining({ status: 400, message: expect.stringMatching(new RegExp(sentence, 's')) }),
  );
});

test('a text that takes minutes to read is given up, and keeps nobody waiting meanwhile', async () => {
  let turns = 0;
  const turning = setInterval(() => {
    turns += 1;
  }, 10);
  try {
    await expect(readManifest('&a '.repeat(300_000))).rejects.toThrow('takes too long to be read');
  } finally {
    clearInterval(turning);
  }
  expect(turns).toBeGreaterThan(50);
}, 30_000);
