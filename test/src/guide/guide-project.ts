import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { type GuideBlock, guideBlocks, guideScript, outputsOf } from './guide-script.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** How a script ended. */
interface Ending {
  readonly code: number;
  readonly output: string;
}

/** A directory in which a guide is followed as its reader would: in the clone, with a terminal of its own. */
export class GuideProject implements AsyncDisposable {
  readonly blocks: readonly GuideBlock[];
  readonly #directory: string;
  readonly #cache: string;

  private constructor(blocks: readonly GuideBlock[], directory: string, cache: string) {
    this.blocks = blocks;
    this.#directory = directory;
    this.#cache = cache;
  }

  /** @param guide the name of a file of `docs/guide` */
  static async open(guide: string): Promise<GuideProject> {
    const blocks = guideBlocks(await readFile(join(root, 'docs', 'guide', guide), 'utf8'));
    // In the clone, as the reader's is, so that packages are found; its own cache, so that no control plane of theirs is met.
    const directory = await mkdtemp(join(root, '.guide-'));
    return new GuideProject(blocks, directory, await mkdtemp(join(tmpdir(), 'capstan-guide-')));
  }

  /** Does all that the guide says. */
  async follow(): Promise<Ending & { readonly outputs: ReadonlyMap<number, string> }> {
    await writeFile(join(this.#directory, 'guide.sh'), guideScript(this.blocks));
    const ending = await this.run('exec bash guide.sh');
    return { ...ending, outputs: outputsOf(ending.output) };
  }

  /** Runs a shell script as the reader would, in a terminal of theirs. */
  async run(script: string): Promise<Ending> {
    const assets = dirname(inject('kubectl'));
    const { PATH = '', HOME = '' } = process.env;
    const env = {
      PATH: [assets, join(root, 'node_modules', '.bin'), PATH].join(delimiter),
      HOME,
      CAPSTAN_CACHE: this.#cache,
      KUBEBUILDER_ASSETS: assets,
      NO_COLOR: '1',
      npm_config_loglevel: 'error',
    };
    const options = { cwd: this.#directory, env, maxBuffer: 16 * 1024 * 1024 };
    return await new Promise((resolve) => {
      execFile('bash', ['-c', script], options, (error, stdout, stderr) => {
        const code = typeof error?.code === 'number' ? error.code : error === null ? 0 : 1;
        resolve({ code, output: stdout + stderr });
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run('npx capstan down --all');
    await Promise.all([this.#directory, this.#cache].map((dir) => rm(dir, { recursive: true, force: true })));
  }
}
