import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** A file that is made for users. */
export interface Artefact {
  readonly path: string;
  /** Hexadecimal, of the file's bytes. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Describes a file as it is now. */
export async function artefactOf(path: string): Promise<Artefact> {
  const contents = await readFile(path);
  return { path, sha256: sha256Of(contents), bytes: contents.length };
}

/** The SHA-256 of bytes or of a text in UTF-8, hexadecimal. */
export function sha256Of(contents: Uint8Array | string): string {
  return createHash('sha256').update(contents).digest('hex');
}
