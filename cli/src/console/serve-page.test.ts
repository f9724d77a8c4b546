import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPage } from './serve-page.ts';

test('the files of a page are known by their paths, and nothing else is', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'capstan-page-'));
  try {
    await mkdir(join(directory, 'parts'));
    const names = ['index.html', 'app.js', 'parts/tree.js', 'style.css', 'app.test.ts', 'tsconfig.json', '.env'];
    await Promise.all(names.map((name) => writeFile(join(directory, name), name)));
    const page = await readPage(directory);
    expect([...page.keys()].toSorted()).toEqual(['/', '/app.js', '/index.html', '/parts/tree.js', '/style.css']);
    expect(page.get('/')).toBe(page.get('/index.html'));
    expect(page.get('/parts/tree.js')).toMatchObject({
      contentType: 'text/javascript; charset=utf-8',
      body: Buffer.from('parts/tree.js'),
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
