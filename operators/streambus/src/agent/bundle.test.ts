import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundlePrograms } from '../../../../scripts/bundle.ts';

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'capstan-bundle-'));
  const root = fileURLToPath(new URL('../..', import.meta.url));
  await bundlePrograms({ root, programs: { agent: 'src/agent/main.ts' }, outdir: dir });
});

afterAll(() => rm(dir, { recursive: true }));

function start(program: string, ...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [join(dir, program), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function firstLine({ stdout, stderr }: ChildProcess): Promise<string> {
  const [chunk] = await Promise.race(
    [stdout, stderr].flatMap((stream) => (stream === null ? [] : [once(stream, 'data')])),
  );
  return String(chunk).split('\n')[0] ?? '';
}

describe('the agent of the image', () => {
  it('is one file that starts, is small, and ends at once when it is told to', async () => {
    const agent = start('agent.mjs');
    expect(JSON.parse(await firstLine(agent))).toMatchObject({ level: expect.any(String) });
    const exit = once(agent, 'exit');
    agent.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    // It runs in every secured pod: nothing of the operator's own packages may creep in.
    expect((await stat(join(dir, 'agent.mjs'))).size).toBeLessThan(100_000);
  });
});
