import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, chown, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { extract, type Header } from 'tar-stream';

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What an image says of how it is run. */
export interface ImageConfig {
  readonly architecture: string;
  readonly created: string;
  readonly config: {
    readonly User: string;
    readonly Env: readonly string[];
    readonly Entrypoint: readonly string[];
    readonly WorkingDir: string;
    readonly Labels: Readonly<Record<string, string>>;
  };
  readonly rootfs: { readonly diff_ids: readonly string[] };
}

/** An image as whoever receives the archive reads it: by the specification, from its index, every digest compared. */
export interface Image {
  /** Of its manifest. */
  readonly digest: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly config: ImageConfig;
  /** Tars, from the bottom to the top. */
  readonly layers: readonly Buffer[];
}

/**
 * Reads a tar of an OCI image layout.
 * @throws {Error} when the archive is none, or a blob is not what its descriptor says
 */
export async function readImage(path: string): Promise<Image> {
  const files = new Map<string, Buffer>();
  for await (const entry of createReadStream(path).pipe(extract())) files.set(entry.header.name, await buffer(entry));
  const file = (name: string) => {
    const found = files.get(name);
    if (found === undefined) throw new Error(`${path} has no ${name}`);
    return found;
  };
  const blob = ({ digest, size }: Descriptor) => {
    const bytes = file(`blobs/${digest.replace(':', '/')}`);
    if (bytes.length !== size || digestOf(bytes) !== digest)
      throw new Error(`${digest} is not what its descriptor says`);
    return bytes;
  };
  if (JSON.parse(String(file('oci-layout'))).imageLayoutVersion !== '1.0.0')
    throw new Error(`${path} is no image layout`);
  const [descriptor]: readonly Descriptor[] = JSON.parse(String(file('index.json'))).manifests;
  if (descriptor === undefined) throw new Error(`${path} has no image`);
  const manifest = JSON.parse(String(blob(descriptor)));
  const config: ImageConfig = JSON.parse(String(blob(manifest.config)));
  const layers = manifest.layers.map((layer: Descriptor) => gunzipSync(blob(layer)));
  if (layers.map(digestOf).join() !== config.rootfs.diff_ids.join())
    throw new Error('layers are others than the configuration says');
  return { digest: descriptor.digest, annotations: descriptor.annotations ?? {}, config, layers };
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Lays the files of an image into a folder as a container runtime would, owners included, which takes root. */
export async function unpackLayers({ layers }: Image, root: string): Promise<void> {
  for (const layer of layers) {
    const reader = extract();
    reader.end(layer);
    for await (const entry of reader)
      await unpackEntry(entry.header, await buffer(entry), join(root, entry.header.name));
  }
}

async function unpackEntry({ type, mode, uid, gid, linkname }: Header, bytes: Buffer, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if (type === 'symlink') return symlink(linkname, path);
  if (type === 'directory') await mkdir(path, { recursive: true });
  else await writeFile(path, bytes);
  await chown(path, uid, gid);
  await chmod(path, mode);
}
