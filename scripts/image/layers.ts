import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type Architecture, architectures } from './architecture.ts';
import { sha256Of } from './artefact.ts';
import type { DebianPackage } from './debian-packages.ts';
import type { NodeDistribution } from './node-distribution.ts';
import { type TarEntry, tarArchive, textFile } from './tar-archive.ts';

/** Who an operator runs as: the user that distroless images call nonroot. */
export const nonRoot = 65_532;

/** A layer of an image, as a registry keeps it. */
export interface Layer {
  /** Gzipped tar. */
  readonly blob: Buffer;
  /** Hexadecimal SHA-256 of the blob. */
  readonly sha256: string;
  /** Hexadecimal SHA-256 of the tar before it was gzipped. */
  readonly diffId: string;
  /** What it holds, for the image's history. */
  readonly holds: string;
}

/** A layer of these files; everything in it bears the time, in seconds since 1970. */
export async function layerOf(holds: string, entries: readonly TarEntry[], time: number): Promise<Layer> {
  const tar = await tarArchive(entries, time);
  const blob = await promisify(gzip)(tar);
  return { blob, sha256: sha256Of(blob), diffId: sha256Of(tar), holds };
}

/** What a program finds of a system: users, certificate authorities, libraries, how names are looked up; and what Debian says of it. */
export function systemFiles(architecture: Architecture, packages: readonly DebianPackage[]): readonly TarEntry[] {
  const { libraries } = architectures[architecture];
  const entries = packages.flatMap((one) => one.entries.filter(({ path }) => isWanted(path, libraries)));
  return [
    ...entries,
    ...packages.map(statusOf),
    authorities(packages),
    textFile(
      'etc/passwd',
      `root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:${nonRoot}:${nonRoot}:nonroot:/home/nonroot:/sbin/nologin\n`,
    ),
    textFile('etc/group', `root:x:0:\nnonroot:x:${nonRoot}:\n`),
    textFile('etc/nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files dns\n'),
    { path: 'home/nonroot', content: { kind: 'folder' }, mode: 0o700, owner: nonRoot },
    { path: 'tmp', content: { kind: 'folder' }, mode: 0o1777 },
  ];
}

/** Libraries and the loader, licences, and the name of the system; no programs, no locales. */
function isWanted(path: string, libraries: string): boolean {
  const [name = ''] = path.split('/').slice(-1);
  const folder = path.slice(0, -name.length - 1);
  if (['lib', 'lib64', `lib/${libraries}`, `usr/lib/${libraries}`].includes(folder)) return /\.so(\.|$)/.test(name);
  return /^usr\/share\/doc\/[^/]+(\/copyright)?$/.test(path) || /^(etc|usr\/lib)\/os-release$/.test(path);
}

/** Where scanners look for what is installed in an image without dpkg. */
function statusOf({ name, control }: DebianPackage): TarEntry {
  return textFile(`var/lib/dpkg/status.d/${name}`, control);
}

/** All in one file, as Debian's own update-ca-certificates would write it. */
function authorities(packages: readonly DebianPackage[]): TarEntry {
  const all = packages
    .flatMap(({ entries }) => entries)
    .filter(({ path }) => /^usr\/share\/ca-certificates\/.+\.crt$/.test(path));
  const texts = all
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ content }) => (content.kind === 'file' ? Buffer.from(content.bytes).toString('utf8').trim() : ''));
  return textFile('etc/ssl/certs/ca-certificates.crt', `${texts.join('\n')}\n`);
}

/** Node where distroless images have it, so that a pod names the same path whichever way its image was made. */
export function nodeFiles({ program, license }: NodeDistribution): readonly TarEntry[] {
  return [
    { path: 'nodejs/bin/node', content: { kind: 'file', bytes: program }, mode: 0o755 },
    textFile('nodejs/LICENSE', license),
  ];
}
