import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withLock } from './lock.ts';
import { identifyProcess } from './process-identity.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'capstan-test-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

test('only one works at a time, and everybody gets a turn', async () => {
  const file = join(dir, 'busy.lock');
  let [working, most, done] = [0, 0, 0];
  const work = async (): Promise<void> => {
    working += 1;
    most = Math.max(most, working);
    await new Promise((resolve) => setImmediate(resolve));
    working -= 1;
    done += 1;
  };
  await Promise.all(Array.from({ length: 8 }, () => withLock(file, work)));
  expect({ most, done }).toEqual({ most: 1, done: 8 });
});

test('the lock is given back when the work fails', async () => {
  const file = join(dir, 'failing.lock');
  await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withLock(file, async () => 'again')).toBe('again');
});

test('a lock whose owner was killed is taken over', async () => {
  const file = join(dir, 'dead.lock');
  const owner = spawn('sleep', ['60']);
  const identity = await identifyProcess(owner.pid ?? 0);
  await writeFile(file, JSON.stringify(identity));
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  expect(await withLock(file, async () => 'mine')).toBe('mine');
});

test('a lock of a process that merely has the number of a dead one is taken over', async () => {
  const file = join(dir, 'reused.lock');
  await writeFile(file, JSON.stringify({ pid: process.pid, started: 'in another life' }));
  expect(await withLock(file, async () => 'mine')).toBe('mine');
});

test('whoever waits is told for whom, and may give up', async () => {
  const file = join(dir, 'held.lock');
  const giveUp = new AbortController();
  const holders: number[] = [];
  await withLock(file, async () => {
    const waiting = withLock(file, async () => 'never', {
      signal: giveUp.signal,
      onWait: (holder) => {
        holders.push(holder);
        giveUp.abort(new Error('waited enough'));
      },
    });
    await expect(waiting).rejects.toThrow('waited enough');
  });
  expect(holders).toEqual([process.pid]);
  expect((await readdir(dir)).filter((name) => name.startsWith('held'))).toEqual([]);
});
