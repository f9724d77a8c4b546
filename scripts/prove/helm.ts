import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { goTool } from '../go-tools/go-tool.ts';

/** The real helm against one cluster, with a home of its own: nothing of the user's is read or written. */
export class Helm {
  readonly #program: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(program: string, env: NodeJS.ProcessEnv) {
    this.#program = program;
    this.#env = env;
  }

  static async of(kubeconfig: string, dir: string): Promise<Helm> {
    const home = join(dir, 'helm');
    const env = {
      PATH: process.env['PATH'],
      HOME: home,
      KUBECONFIG: kubeconfig,
      HELM_CACHE_HOME: join(home, 'cache'),
      HELM_CONFIG_HOME: join(home, 'config'),
      HELM_DATA_HOME: join(home, 'data'),
    };
    return new Helm(await goTool('helm'), env);
  }

  /** Runs helm; resolves with what it printed. Throws an Error with what it complained of. */
  async run(...args: readonly string[]): Promise<string> {
    try {
      const { stdout } = await promisify(execFile)(this.#program, args, {
        env: this.#env,
        maxBuffer: 64 * 1024 * 1024,
      });
      return stdout;
    } catch (error) {
      const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
      throw new Error(`helm ${args.join(' ')}: ${said}`);
    }
  }
}
