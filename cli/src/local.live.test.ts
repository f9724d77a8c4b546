import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { waitUntil } from '@capstan/controlplane';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { InstanceStatus } from './status.ts';

const LAUNCHER = fileURLToPath(new URL('../bin/capstan.mjs', import.meta.url));
const WITHIN = { timeoutMs: 20_000, intervalMs: 50 };
let cache: string;

beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'capstan-test-'));
});
afterAll(async () => {
  await capstan('down', '--all');
  await rm(cache, { recursive: true, force: true });
});

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a user would, with a cache of its own and the programs of this run's control plane. */
async function capstan(...args: readonly string[]): Promise<Outcome> {
  return await capstanWith({ KUBEBUILDER_ASSETS: dirname(inject('kubectl')) }, ...args);
}

async function capstanWith(env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Outcome> {
  return await new Promise((resolve) => {
    const options = { env: { ...process.env, CAPSTAN_CACHE: cache, ...env } };
    execFile(process.execPath, [LAUNCHER, ...args], options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

async function statusOf(name: string): Promise<InstanceStatus | undefined> {
  const all: InstanceStatus[] = JSON.parse((await capstan('status', '-o', 'json')).stdout);
  return all.find((one) => one.name === name);
}

async function kubectl(kubeconfig: string, ...args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(inject('kubectl'), ['--kubeconfig', kubeconfig, ...args])).stdout;
}

/** The processes that have this text in their command line, one line each. */
async function processesWith(text: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,args=']);
  return stdout.split('\n').filter((line) => line.includes(text));
}

test('without any control plane, status says how to start one', async () => {
  expect(await capstan('status')).toEqual({
    code: 0,
    stdout: 'there is no control plane: capstan up starts one\n',
    stderr: '',
  });
});

test('up starts one that outlives the command; up again says it is there', async () => {
  const first = await capstan('up');
  expect(first).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^default is up after .*: Kubernetes 1\.36\.3 at https:\/\/127\.0\.0\.1:\d+\n/),
  });
  const again = await capstan('up');
  expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/^default is up already: /), stderr: '' });
  expect(await statusOf('default')).toMatchObject({
    state: 'running',
    version: '1.36.3',
    nodes: 'kwok',
    rssBytes: expect.any(Number),
  });
});

test('--export prints what a shell has to eval, and nothing else', async () => {
  const { stdout, stderr } = await capstan('up', '--export');
  const kubeconfig = join(cache, 'instances', 'default', 'plane', 'kubeconfig.yaml');
  expect({ stdout, stderr }).toEqual({ stdout: `export KUBECONFIG='${kubeconfig}'\n`, stderr: '' });
  expect((await stat(kubeconfig)).mode & 0o777).toBe(0o600);
  expect(await kubectl(kubeconfig, 'get', 'nodes', '-o', 'name')).toBe('node/node-1\n');
});

test('kill -9 of the process that keeps it up ends everything, status says so, and up goes on with the same data', async () => {
  const before = await statusOf('default');
  await kubectl(before?.kubeconfig ?? '', 'create', 'namespace', 'kept');
  const plane = join(cache, 'instances', 'default', 'plane');
  expect(await processesWith(plane)).not.toEqual([]);
  process.kill(await keeperOf('default'), 'SIGKILL');
  expect(await statusOf('default')).toMatchObject({
    state: 'failed',
    reason: 'the process that kept it up was killed',
  });
  // At once, while the old components are still on their way out.
  const again = await capstan('up');
  expect(again, again.stderr).toMatchObject({ code: 0, stdout: expect.stringMatching(/^default is up after/) });
  const after = await statusOf('default');
  expect(after?.server).toBe(before?.server);
  expect(await kubectl(after?.kubeconfig ?? '', 'get', 'namespace', 'kept', '-o', 'name')).toBe('namespace/kept\n');
});

/** The id of the process that keeps an instance up. */
async function keeperOf(name: string): Promise<number> {
  const { keeper } = JSON.parse(await readFile(join(cache, 'instances', name, 'state.json'), 'utf8'));
  // Never 0 or undefined: a signal to process 0 reaches everybody in this test's own process group.
  expect(keeper.pid).toBeGreaterThan(1);
  return keeper.pid;
}

test('down --keep-data keeps it for the next up; down removes it', async () => {
  const before = await statusOf('default');
  expect((await capstan('down', '--keep-data')).stdout).toBe(
    'default is down; its data stays for the next capstan up\n',
  );
  expect(await statusOf('default')).toMatchObject({ state: 'stopped', server: null });
  await capstan('up', '--nodes', 'none');
  const after = await statusOf('default');
  expect(after).toMatchObject({ state: 'running', nodes: 'none', server: before?.server });
  expect(await kubectl(after?.kubeconfig ?? '', 'get', 'namespace', 'kept', '-o', 'name')).toBe('namespace/kept\n');
  expect((await capstan('down')).stdout).toBe('default is down and its data removed\n');
  const dir = join(cache, 'instances', 'default');
  expect(existsSync(dir)).toBe(false);
  expect(await waitUntil(async () => (await processesWith(dir)).length === 0, WITHIN)).toBe(true);
});

test('two commands that start the same one at once end with one', async () => {
  const both = await Promise.all([capstan('up', '--nodes', 'none'), capstan('up', '--nodes', 'none')]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(both.filter(({ stdout }) => stdout.startsWith('default is up after'))).toHaveLength(2);
  const etcds = (await processesWith(`--data-dir=${cache}`)).filter((line) => !line.includes('/bin/sh'));
  expect(etcds).toHaveLength(1);
  expect((await capstan('down', '--all')).stdout).toBe('default is down and its data removed\n');
});

test.each([
  [
    'no Go and no download',
    { KUBEBUILDER_ASSETS: '', CAPSTAN_DOWNLOAD: 'never', PATH: '/nowhere' },
    ['up'],
    /^capstan: the control plane's programs are not here yet: .* install Go from go\.dev\/dl/,
  ],
  [
    'a name that is none',
    {},
    ['up', '--name', 'A b'],
    /^capstan: "A b" is no name for a control plane: use at most 40 of a-z, 0-9 and -\n$/,
  ],
  [
    'one that does not exist',
    {},
    ['status', '--name', 'nope'],
    /^capstan: there is no control plane named nope: capstan up --name nope starts one\n$/,
  ],
])('%s ends in one sentence and exit code 1', async (_, env, args, message) => {
  const outcome = await capstanWith(env, ...args);
  expect(outcome).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(message) });
  expect(outcome.stderr).not.toMatch(/^\s+at /m);
});
