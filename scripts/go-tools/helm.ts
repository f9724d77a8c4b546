import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { goTool } from './go-tool.ts';

/** The most that Helm may print: whole charts, rendered. */
const maxBuffer = 64 * 1024 * 1024;

/**
 * What the real Helm prints.
 * @param env in place of this process's environment
 * @throws {Error} with what Helm says on standard error
 */
export async function helm(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<string> {
  try {
    return (await promisify(execFile)(await goTool('helm'), [...args], { env, maxBuffer })).stdout;
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new Error(`helm ${args.join(' ')}: ${said}`);
  }
}

/** An environment for Helm against one cluster, with a home of its own in `dir`: nothing of the user's is read or written. */
export function helmEnvironment(kubeconfig: string, dir: string): NodeJS.ProcessEnv {
  const home = join(dir, 'helm');
  return {
    PATH: process.env['PATH'],
    HOME: home,
    KUBECONFIG: kubeconfig,
    HELM_CACHE_HOME: join(home, 'cache'),
    HELM_CONFIG_HOME: join(home, 'config'),
    HELM_DATA_HOME: join(home, 'data'),
  };
}
