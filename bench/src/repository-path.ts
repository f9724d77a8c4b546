import { fileURLToPath } from 'node:url';

/** Where a path below the root of the repository is on this machine. */
export function repositoryPath(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}
