import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One file of the page, as it is sent. */
export interface PageFile {
  readonly contentType: string;
  readonly body: Buffer;
}

/** Everything else in the directory, such as tests, is not part of the page. */
const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** Where the page lies beside this code. */
const pageDirectory = fileURLToPath(new URL('./page/', import.meta.url));

/**
 * Reads the files of the page, by the path under which each is asked for: `/` and `/index.html`, `/app.js`. Whatever is not in the
 * map does not exist for the server, so no path leads out of the directory.
 */
export async function readPage(directory = pageDirectory): Promise<ReadonlyMap<string, PageFile>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const found = entries.filter((entry) => entry.isFile() && contentTypes[extname(entry.name)] !== undefined);
  const files = new Map<string, PageFile>();
  for (const { parentPath, name } of found) {
    const file = join(parentPath, name);
    const path = `/${relative(directory, file).split(sep).join('/')}`;
    files.set(path, { contentType: contentTypes[extname(name)] ?? '', body: await readFile(file) });
  }
  const index = files.get('/index.html');
  return index === undefined ? files : files.set('/', index);
}
