import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The text of each file in a mounted directory, by name. */
export type MountedFiles = Readonly<Record<string, string>>;

/** Where the kubelet's link to the current state of a volume leads: another place with each update; undefined before the first. */
export function mountedState(directory: string): string | undefined {
  try {
    return readlinkSync(join(directory, '..data'));
  } catch {
    return undefined;
  }
}

/**
 * All files of one state of a volume. The kubelet removes a state after the next one has come, so this either gives what
 * belongs together or fails.
 */
export function readMounted(directory: string, state: string): MountedFiles {
  const at = join(directory, state);
  return Object.fromEntries(readdirSync(at).map((name) => [name, readFileSync(join(at, name), 'utf8')]));
}

/** Something that differs for each socket that was ever made at a path: a new HAProxy makes a new one; undefined where there is none. */
export function socketState(path: string): string | undefined {
  try {
    const { ino, ctimeNs } = statSync(path, { bigint: true });
    return `${ino} ${ctimeNs}`;
  } catch {
    return undefined;
  }
}
