import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The commit that a release is made of. */
export interface SourceTree {
  readonly commit: string;
  /** When it was committed, ISO 8601 in UTC. */
  readonly date: string;
  /** What differs from the commit, as `git status --short` tells it; empty for a clean tree. */
  readonly changes: readonly string[];
}

/** @throws {Error} where this is no git checkout */
export async function sourceTree(root: string): Promise<SourceTree> {
  const [commit = '', seconds = ''] = (await git(root, 'log', '-1', '--format=%H %ct')).trim().split(' ');
  const changes = (await git(root, 'status', '--porcelain')).split('\n').filter((line) => line !== '');
  return { commit, date: new Date(Number(seconds) * 1_000).toISOString(), changes };
}

async function git(root: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('git', args, { cwd: root });
  return stdout;
}
