import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';

/** Texts of a tarball by their path in the package. */
export async function tarballFiles(path: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const archive = extract();
  archive.end(gunzipSync(await readFile(path)));
  for await (const entry of archive) files.set(entry.header.name.replace(/^package\//, ''), await text(entry));
  return files;
}
