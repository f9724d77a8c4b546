import { spawnSync } from 'node:child_process';
import { spawnTethered, type TetheredProcess } from '@capstan/controlplane';
import type { ImageConfig } from './image-archive.ts';

/** What a container of an image is given by its pod. */
export interface ContainedProcess {
  /** The folder with the files of the image. */
  readonly root: string;
  readonly config: ImageConfig;
  /** After the entrypoint. */
  readonly args: readonly string[];
  /** A folder of this machine that the container sees as `/mnt`. */
  readonly mounted: string;
  readonly logFile: string;
}

/** The root and what is mounted into it become read-only for this process alone; then it is all that there is. */
const contained = [
  'set -e',
  'root="$1"; mounted="$2"; shift 2',
  'mount --bind "$root" "$root"',
  'mount --bind "$mounted" "$root/mnt"',
  'mount -o remount,bind,ro "$root/mnt"',
  'mount -o remount,bind,ro "$root"',
  'exec "$@"',
].join('\n');

/** Why images cannot be run in a root of their own here; undefined when they can. */
export function missingRights(): string | undefined {
  const may = process.getuid?.() === 0 && spawnSync('unshare', ['--mount', 'true']).status === 0;
  return may ? undefined : 'no right to give a process a root of its own: that takes root on Linux';
}

/** Runs the entrypoint of an image as its user, with its variables and no others, on a read-only root. */
export function startContained({ root, config, args, mounted, logFile }: ContainedProcess): Promise<TetheredProcess> {
  const { User, Env, Entrypoint } = config.config;
  const alone = ['env', '--ignore-environment', ...Env, '/usr/sbin/chroot', `--userspec=${User}`, root];
  return spawnTethered({
    name: 'contained-operator',
    command: '/usr/bin/unshare',
    args: ['--mount', '--', '/bin/sh', '-c', contained, 'sh', root, mounted, ...alone, ...Entrypoint, ...args],
    cwd: '/',
    logFile,
    lingerSeconds: 0,
  });
}
