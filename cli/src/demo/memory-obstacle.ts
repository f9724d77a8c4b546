const gigabyte = 1_000_000_000;

/** What would be started, and how many bytes of memory it takes. */
export interface MemoryNeed {
  readonly what: string;
  readonly bytes: number;
}

/**
 * Why something is not started: too little memory is free. Undefined when there is enough.
 *
 * @param available bytes that this process may still have, its containers' limit included
 */
export function memoryObstacle({ what, bytes }: MemoryNeed, available = process.availableMemory()): string | undefined {
  if (available >= bytes) return undefined;
  return `${what} takes ${gigabytes(bytes)} of memory, and ${gigabytes(available)} are free: end other programs, and try again`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / gigabyte).toFixed(1)} GB`;
}
