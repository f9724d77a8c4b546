import { FakeClock } from '@capstan/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Overview } from '../api.ts';
import type { ClusterVisitor } from '../cluster-visitor.ts';
import { Refused } from '../refused.ts';
import { Newest } from '../watch/newest.ts';
import { KeyDoor } from './key-door.ts';
import { TokenDoor } from './token-door.ts';
import { VisitorPool } from './visitor-pool.ts';

const overview: Overview = { resources: [], hidden: [], at: '' };
let clock: FakeClock;
let pool: VisitorPool;
let opened: string[];
let ended: string[];
let checks: number;
let known: Refused | undefined;
let newest: Newest<Overview>;

beforeEach(() => {
  clock = new FakeClock();
  pool = new VisitorPool({ clock, onDefect: (error) => Promise.reject(error) });
  [opened, ended, checks, known] = [[], [], 0, undefined];
  newest = new Newest();
  newest.set(overview);
});

async function open(name: string): Promise<ClusterVisitor> {
  opened.push(name);
  const visitor: Pick<
    ClusterVisitor,
    'check' | 'session' | 'overviews' | 'detail' | 'plan' | typeof Symbol.asyncDispose
  > = {
    check: async () => {
      checks += 1;
      if (known !== undefined) throw known;
    },
    session: async () => ({ user: name, cluster: '', mode: 'token', kubernetesVersion: '', version: '' }),
    overviews: (signal) => newest.follow(signal),
    detail: async () => Promise.reject(new Refused(401, 'expired')),
    plan: async () => ({ changes: [], problems: [], summary: '' }),
    [Symbol.asyncDispose]: async () => void ended.push(name),
  };
  return visitor as ClusterVisitor; // all that the pool asks of it
}

const admit = (name: string) => pool.admit(name, () => open(name));

describe('visitors of a console', () => {
  test('share one set of watches for all their tabs, until a minute after the last one left', async () => {
    const left = new AbortController();
    const tabs = await Promise.all(['a', 'a'].map(admit));
    const streams = tabs.map((tab) => tab.overviews(left.signal)[Symbol.asyncIterator]());
    await Promise.all(streams.map((stream) => stream.next()));
    await clock.advance(3_600_000);
    expect([opened, ended]).toEqual([['a'], []]);
    left.abort();
    await Promise.all(streams.map((stream) => stream.next()));
    await clock.advance(59_999);
    expect(ended).toEqual([]);
    await clock.advance(1);
    expect([ended, pool.size]).toEqual([['a'], 0]);
  });

  test('are ended a minute after their last question, too', async () => {
    await (await admit('a')).session();
    await clock.advance(30_000);
    await (await admit('a')).session();
    await clock.advance(59_999);
    expect(ended).toEqual([]);
    await clock.advance(1);
    expect(ended).toEqual(['a']);
  });

  test('are asked about again once a minute, and let go when nobody knows them any more', async () => {
    const left = new AbortController();
    await (await admit('a')).overviews(left.signal)[Symbol.asyncIterator]().next();
    await admit('a');
    expect(checks).toBe(0);
    await clock.advance(60_000);
    await admit('a');
    await admit('a');
    expect(checks).toBe(1);
    known = new Refused(502, 'it does not answer');
    await clock.advance(60_000);
    await admit('a');
    expect(ended).toEqual([]);
    known = new Refused(401, 'expired');
    await clock.advance(60_000);
    await expect(admit('a')).rejects.toThrow('expired');
    expect([ended, pool.size]).toEqual([['a'], 0]);
  });

  test('are let go when the API server refuses what they ask', async () => {
    const visitor = await admit('a');
    await expect(visitor.detail({ group: '', plural: 'pods', name: 'x' })).rejects.toThrow('expired');
    await clock.advance(0);
    expect([ended, pool.size]).toEqual([['a'], 0]);
  });

  test('are fifty at most', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, index) => admit(String(index))));
    await expect(admit('one more')).rejects.toThrow(expect.objectContaining({ status: 503 }));
    await admit('7');
    await pool[Symbol.asyncDispose]();
    expect(ended).toHaveLength(50);
  });

  test('who cannot be opened leave no place taken', async () => {
    const refused = pool.admit('x', async () => Promise.reject(new Refused(401, 'who?')));
    await expect(refused).rejects.toThrow('who?');
    expect(pool.size).toBe(0);
  });
});

describe('the door', () => {
  test('with a key opens for that key only', async () => {
    const door = new KeyDoor(pool, async (namespace) => await open(namespace ?? 'all'));
    expect(door.key).toMatch(/^[\w-]{32}$/);
    expect(new KeyDoor(pool, async () => await open('')).key).not.toBe(door.key);
    for (const bearer of [undefined, '', door.key.slice(1), `${door.key}x`])
      await expect(door.admit({ bearer, namespace: undefined })).rejects.toThrow(
        expect.objectContaining({ status: 401 }),
      );
    await door.admit({ bearer: door.key, namespace: undefined });
    await door.admit({ bearer: door.key, namespace: 'shop' });
    expect(opened).toEqual(['all', 'shop']);
  });

  test('for tokens makes a visitor of each token and namespace', async () => {
    const door = new TokenDoor(pool, async (token, namespace) => await open(`${token} ${namespace ?? ''}`));
    await expect(door.admit({ bearer: undefined, namespace: undefined })).rejects.toThrow('kubectl create token');
    for (const bearer of ['a', 'a', 'b']) await door.admit({ bearer, namespace: undefined });
    await door.admit({ bearer: 'a', namespace: 'shop' });
    expect(opened).toEqual(['a ', 'b ', 'a shop']);
  });
});
