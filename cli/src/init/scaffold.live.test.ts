import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scaffold } from './scaffold.ts';

const clone = fileURLToPath(new URL('../../..', import.meta.url));
let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'capstan-init-'));
});

afterAll(() => rm(directory, { recursive: true }));

/** Runs a program in the new repository as a person in a terminal would: nothing of this test run reaches it. */
async function run(root: string, program: string, ...args: readonly string[]): Promise<string> {
  const own = Object.entries(process.env).filter(([name]) => !/^(VITEST|CAPSTAN_TEST|NODE_OPTIONS)/.test(name));
  const env = {
    ...Object.fromEntries(own),
    NODE_ENV: '',
    PATH: `${join(clone, 'node_modules', '.bin')}:${process.env['PATH']}`,
  };
  const { stdout } = await promisify(execFile)(program, args, { cwd: root, env }).catch((error: unknown) => {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }; // what execFile rejects with
    throw new Error(`${program} ${args.join(' ')} failed in the new repository:\n${stdout}\n${stderr}`);
  });
  return stdout;
}

describe('a freshly made operator', () => {
  it('passes its own tests on the real control plane, and builds', async () => {
    const root = join(directory, 'operator');
    await scaffold({
      name: 'message-queue-operator',
      group: 'queues.example.com',
      directory: root,
      capstanFrom: clone,
    });
    // What "npm install" brings, without a registry.
    await symlink(join(clone, 'node_modules'), join(root, 'node_modules'));
    expect(await run(root, 'npm', 'test')).toMatch(/Test Files .*3 passed/);
    const sample = ['-f', 'deploy/samples/message-queue.yaml', '--offline', '--brief'];
    // What changes something ends with code 2, which a shell makes into the output here.
    const planned = await run(
      root,
      'sh',
      '-c',
      'capstan plan --operator src/controller.ts "$@" || [ $? = 2 ]',
      'sh',
      ...sample,
    );
    expect(planned).toContain('+ Deployment/shop');
    await run(root, 'npm', 'run', 'build');
    expect(await run(root, 'node', 'dist/operator.mjs', '--help')).toContain('Usage: message-queue-operator');
    expect(await readFile(join(root, 'chart/Chart.yaml'), 'utf8')).toContain('name: message-queue-operator');
  }, 120_000);
});
