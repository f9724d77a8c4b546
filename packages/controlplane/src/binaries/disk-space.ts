import { statfs } from 'node:fs/promises';
import { ControlPlaneError } from '../control-plane-error.ts';

/** Bytes that getting all programs takes at most: the programs alone, or Go's module and build caches as well. */
const NEEDED_BYTES = { download: 1.0e9, build: 5.0e9 } as const;

/** Throws `DiskFull` when the file system of `dir` has too little room to download or build the programs. */
export async function requireFreeSpace(dir: string, purpose: 'download' | 'build'): Promise<void> {
  const { bavail, bsize } = await statfs(dir);
  const free = bavail * bsize;
  const needed = NEEDED_BYTES[purpose];
  if (free >= needed) return;
  throw new ControlPlaneError(
    'DiskFull',
    `to ${purpose} the control plane takes up to ${gigabytes(needed)} at ${dir}, and ${gigabytes(free)} are free: make room, or set CAPSTAN_CACHE to a larger disk`,
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
