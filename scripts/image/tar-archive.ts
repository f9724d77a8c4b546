import { buffer } from 'node:stream/consumers';
import { type Pack, pack } from 'tar-stream';

/** What an archive holds: a file, a folder, or a symbolic link. */
export interface TarEntry {
  /** Without a slash at its beginning or end. */
  readonly path: string;
  readonly content: TarContent;
  /** Permission bits: 0o755 for folders and 0o644 for files unless told. */
  readonly mode?: number;
  /** Numbers of user and group; 0, which is root, unless told. */
  readonly owner?: number;
}

export type TarContent =
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  | { readonly kind: 'folder' }
  | { readonly kind: 'link'; readonly target: string };

/** A text file. */
export function textFile(path: string, text: string): TarEntry {
  return { path, content: { kind: 'file', bytes: Buffer.from(text) } };
}

/**
 * The bytes of a tar archive: folders before what is in them, everything in the order of its path, all with one time. The folders
 * that entries lie in are added, so that nobody has to guess their permissions. The same entries give the same bytes.
 * @param time seconds since 1970 that every entry bears
 */
export function tarArchive(entries: readonly TarEntry[], time: number): Promise<Buffer> {
  const archive = pack();
  for (const entry of withFolders(entries)) {
    const header = headerOf(entry, time);
    if (entry.content.kind === 'file') archive.entry(header, Buffer.from(entry.content.bytes));
    else archive.entry(header);
  }
  archive.finalize();
  return buffer(archive);
}

function withFolders(entries: readonly TarEntry[]): readonly TarEntry[] {
  const all = new Map<string, TarEntry>();
  for (const { path } of entries)
    for (const folder of foldersAbove(path)) all.set(folder, { path: folder, content: { kind: 'folder' } });
  for (const entry of entries) all.set(entry.path, entry);
  return [...all.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function foldersAbove(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function headerOf({ path, content, mode, owner = 0 }: TarEntry, time: number): Parameters<Pack['entry']>[0] {
  const isFolder = content.kind === 'folder';
  return {
    name: isFolder ? `${path}/` : path,
    mode: mode ?? (content.kind === 'file' ? 0o644 : content.kind === 'link' ? 0o777 : 0o755),
    uid: owner,
    gid: owner,
    uname: '',
    gname: '',
    mtime: new Date(time * 1_000),
    type: isFolder ? 'directory' : content.kind === 'link' ? 'symlink' : 'file',
    ...(content.kind === 'link' && { linkname: content.target }),
    ...(content.kind === 'file' && { size: content.bytes.length }),
  };
}
