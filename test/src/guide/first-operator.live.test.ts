import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type GuideBlock, guideBlocks, guideScript, outputPattern, outputsOf } from './guide-script.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const guide = join(root, 'docs', 'guide', 'first-operator.md');

let project: string;
let cache: string;
let blocks: readonly GuideBlock[];

beforeAll(async () => {
  blocks = guideBlocks(await readFile(guide, 'utf8'));
  // In the clone, as the reader's is, so that packages are found; its own cache, so that no control plane of theirs is met.
  project = await mkdtemp(join(root, '.guide-'));
  cache = await mkdtemp(join(tmpdir(), 'capstan-guide-'));
});

afterAll(async () => {
  await run('npx capstan down --all');
  await Promise.all([project, cache].map((dir) => rm(dir, { recursive: true, force: true })));
});

interface Ending {
  readonly code: number;
  readonly output: string;
}

/** Runs a shell script as the reader of the guide would, in a terminal of theirs. */
async function run(script: string): Promise<Ending> {
  const assets = dirname(inject('kubectl'));
  const { PATH = '', HOME = '' } = process.env;
  const path = [assets, join(root, 'node_modules', '.bin'), PATH].join(delimiter);
  const env = {
    PATH: path,
    HOME,
    CAPSTAN_CACHE: cache,
    KUBEBUILDER_ASSETS: assets,
    NO_COLOR: '1',
    npm_config_loglevel: 'error',
  };
  const options = { cwd: project, env, maxBuffer: 16 * 1024 * 1024 };
  return await new Promise((resolve) => {
    execFile('bash', ['-c', script], options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1, output: stdout + stderr });
    });
  });
}

describe('the guide to a first operator', () => {
  it('does what it says, and prints what it shows', { timeout: 240_000 }, async () => {
    await writeFile(join(project, 'guide.sh'), guideScript(blocks));
    const { code, output } = await run('exec bash guide.sh');
    expect(code, output).toBe(0);
    const outputs = outputsOf(output);
    const shown = blocks.flatMap((block, index) => (block.kind === 'output' ? [{ text: block.text, index }] : []));
    for (const { text, index } of shown) expect(outputs.get(index - 1), `after:\n${text}`).toMatch(outputPattern(text));
  });

  it('leaves only the making of its directory to the reader', () => {
    const byHand = blocks.filter(({ kind }) => kind === 'by-hand');
    expect(byHand.map(({ text }) => text)).toEqual(['mkdir website-operator\ncd website-operator']);
  });
});
