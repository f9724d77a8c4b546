import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTunnel } from './pod-tunnel.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'capstan-tunnel-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** A program in place of kubectl: there is no kubelet to forward ports here. */
async function standIn(name: string, script: string): Promise<string> {
  const file = join(directory, name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

const target = { namespace: 'ops', pod: 'operator-1', port: '8080' };

test('a tunnel is open when kubectl says so, and ends with its use', async () => {
  const told = join(directory, 'told');
  const kubectl = await standIn(
    'kubectl-good',
    `echo "$$ $*" > ${told}; echo 'Forwarding from 127.0.0.1:41234 -> 8080'; exec sleep 60`,
  );
  const tunnel = await openTunnel({ ...target, context: 'prod', kubectl });
  expect(tunnel.address).toBe('127.0.0.1:41234');
  const [pid, ...args] = (await readFile(told, 'utf8')).trim().split(' ');
  expect(args.join(' ')).toBe('--context prod port-forward --namespace ops pod/operator-1 :8080');
  await tunnel[Symbol.asyncDispose]();
  expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH');
});

test('what kubectl says is the reason why there is no tunnel', async () => {
  const kubectl = await standIn('kubectl-bad', 'echo "error: pods \\"operator-1\\" not found" >&2; exit 1');
  await expect(openTunnel({ ...target, kubectl })).rejects.toThrow('error: pods "operator-1" not found');
});

test('a missing kubectl is told', async () => {
  const kubectl = join(directory, 'nowhere');
  await expect(openTunnel({ ...target, kubectl })).rejects.toThrow(`${kubectl} could not be started`);
});
