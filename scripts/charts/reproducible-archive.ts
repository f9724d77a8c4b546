import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { extract, pack } from 'tar-stream';

/** As `tar --mtime=@0` would write it: Helm writes when each file was last changed, which no checkout keeps. */
const epoch = new Date(0);

/** The same gzipped archive without the time and the person that made it, so that equal files give equal bytes. */
export async function withFixedTimes(archive: Buffer): Promise<Buffer> {
  const source = extract();
  source.end(gunzipSync(archive));
  const target = pack();
  for await (const entry of source) {
    const { name, type } = entry.header;
    target.entry({ name, type: type ?? 'file', mode: 0o644, mtime: epoch, uid: 0, gid: 0 }, await buffer(entry));
  }
  target.finalize();
  return gzipSync(await buffer(target), { level: 9 });
}
