import { once } from 'node:events';
import { request as httpsRequest } from 'node:https';
import { ApiError, ConfigMap, createClient, TransportError } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { eventually } from '../eventually.ts';
import { Shelf, shelves } from '../world/shelf.fixture.ts';
import { openWorld, type World } from '../world/world.ts';
import type { FaultRule, WatchFault } from './fault.ts';

/** A world whose operator works through a fault proxy, and one shelf in it that is complete. */
async function shelfBehindProxy(): Promise<World> {
  const world = await openWorld({ controllers: [shelves], faults: true });
  await world.apply(Shelf, { metadata: { name: 'shelf' }, spec: { books: { one: 'a', two: 'b' } } });
  await world.untilCondition(Shelf, 'shelf', 'Ready');
  await world.settled();
  return world;
}

/** What is on the shelf, text by title. */
async function books(world: World): Promise<Readonly<Record<string, string | undefined>>> {
  const found = (await world.list(ConfigMap)).filter(({ metadata }) => metadata.name.startsWith('shelf-'));
  return Object.fromEntries(found.map(({ metadata, data }) => [metadata.name.slice('shelf-'.length), data?.['text']]));
}

/** How often something was created or removed for good, by the audit log: a fault must make neither happen twice. */
function removals(world: World) {
  return world.writes().filter(({ verb, code }) => verb === 'delete' && code === 200);
}

const write = { verb: 'patch', resource: 'configmaps' } as const;

describe('an operator whose requests go wrong', () => {
  it.each<[string, FaultRule]>([
    ['is lost before it arrives', { on: write, fault: { do: 'drop' } }],
    ['takes a second', { on: write, fault: { do: 'delay', ms: 1_000 } }],
    ['is carried out, and its answer is lost', { on: write, fault: { do: 'loseResponse' } }],
    ['is refused with 409', { on: write, fault: { do: 'answer', status: 409 } }],
    ['is refused with 429 and told to wait', { on: write, fault: { do: 'answer', status: 429, retryAfterSeconds: 1 } }],
    ['is refused with 500, three times', { on: write, times: 3, fault: { do: 'answer', status: 500 } }],
    ['is refused with 503 and told to wait', { on: write, fault: { do: 'answer', status: 503, retryAfterSeconds: 1 } }],
    ['of the status is lost', { on: { verb: 'patch', subresource: 'status' }, fault: { do: 'drop' } }],
    [
      'of the status is refused with 410',
      { on: { verb: 'patch', subresource: 'status' }, fault: { do: 'answer', status: 410 } },
    ],
  ])('converges when a write %s', async (_, rule) => {
    await using world = await shelfBehindProxy();
    const fault = world.faults.inject(rule);
    await world.apply(Shelf, {
      metadata: { name: 'shelf' },
      spec: { books: { one: 'a', two: 'changed', three: 'c' } },
    });
    await world.eventually(async () => expect(await books(world)).toEqual({ one: 'a', two: 'changed', three: 'c' }), {
      timeout: 30_000,
    });
    await world.eventually(
      async () => {
        const shelf = await world.get(Shelf, 'shelf');
        expect(shelf?.status?.conditions?.map(({ observedGeneration }) => observedGeneration)).toEqual(
          Array(3).fill(shelf?.metadata.generation),
        );
      },
      { timeout: 30_000 },
    );
    await world.settled();
    expect(fault.hits).toBeGreaterThan(0);
    expect(removals(world)).toEqual([]);
  });

  it('waits for an edit when a write is refused with 422, and says so', async () => {
    await using world = await shelfBehindProxy();
    world.faults.inject({
      on: { ...write, name: 'shelf-one' },
      times: Number.POSITIVE_INFINITY,
      fault: { do: 'answer', status: 422 },
    });
    await world.edit(Shelf, 'shelf', { spec: { books: { one: 'never' } } });
    await world.untilCondition(Shelf, 'shelf', 'Stalled');
    world.faults.calm();
    await world.edit(Shelf, 'shelf', { spec: { books: { one: 'later' } } });
    await world.untilCondition(Shelf, 'shelf', 'Ready');
    expect(await books(world)).toEqual({ one: 'later', two: 'b' });
  });
});

describe('an operator whose watches go wrong', () => {
  const all = { times: Number.POSITIVE_INFINITY };

  it.each<[string, WatchFault]>([
    ['is cut', { do: 'cut' }],
    ['is cut after its first line', { do: 'cut', afterFrames: 1 }],
    ['expires with 410', { do: 'gone' }],
    ['comes byte by byte', { do: 'splitFrames' }],
  ])('sees every change when each watch %s', async (_, fault) => {
    await using world = await shelfBehindProxy();
    const armed = world.faults.inject({ on: { verb: 'watch' }, times: 2, fault });
    await world.edit(ConfigMap, 'shelf-one', { data: { text: 'torn' } });
    await world.edit(Shelf, 'shelf', { spec: { books: { three: 'c' } } });
    await world.eventually(async () => expect(await books(world)).toEqual({ one: 'a', two: 'b', three: 'c' }), {
      timeout: 30_000,
    });
    expect(armed.hits).toBe(2);
    await world.settled();
    expect(removals(world)).toEqual([]);
  });

  it('acts on what it knew while its watches stall, and on the rest when they go on', async () => {
    await using world = await shelfBehindProxy();
    const stalled = world.faults.inject({ on: { verb: 'watch' }, ...all, fault: { do: 'stall' } });
    const start = world.audit.position();
    await world.edit(ConfigMap, 'shelf-one', { data: { text: 'torn' } });
    await world.settled({ quietMs: 1_000 });
    expect(world.writes(start)).toEqual([]);
    stalled.lift();
    await world.eventually(async () => expect(await books(world)).toEqual({ one: 'a', two: 'b' }));
  });
});

describe('an operator whose API server is away', () => {
  it('changes nothing meanwhile and catches up afterwards', async () => {
    await using world = await shelfBehindProxy();
    {
      using _away = world.faults.outage();
      await world.edit(ConfigMap, 'shelf-one', { data: { text: 'torn' } });
      await world.delete(ConfigMap, 'shelf-two');
    }
    await world.eventually(async () => expect(await books(world)).toEqual({ one: 'a', two: 'b' }), { timeout: 30_000 });
    await world.settled();
    expect(removals(world)).toEqual([]);
  });
});

describe('a fault proxy', () => {
  it('answers a refusal as the API server does', async () => {
    await using world = await shelfBehindProxy();
    await world.stopOperator();
    const client = createClient(world.faults.connection(world.operatorConnection));
    world.faults.inject({
      on: { verb: 'get', name: 'nobody' },
      fault: { do: 'answer', status: 409, reason: 'AlreadyExists' },
    });
    const refusal: unknown = await client
      .get(ConfigMap, { namespace: world.namespace, name: 'nobody' })
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ApiError);
    expect(refusal).toMatchObject({ status: 409, reason: 'AlreadyExists' });
    world.faults.inject({ on: { verb: 'delete' }, fault: { do: 'loseResponse' } });
    const lost: unknown = await client
      .delete(ConfigMap, { namespace: world.namespace, name: 'shelf-one' })
      .catch((error: unknown) => error);
    expect(lost).toBeInstanceOf(TransportError);
    expect(await world.get(ConfigMap, 'shelf-one')).toBeUndefined();
    await client.close();
  });

  it('keeps a trace of requests, faults and watch lines, without what they hold', async () => {
    await using world = await shelfBehindProxy();
    await world.edit(Shelf, 'shelf', { spec: { books: { one: 'a-canary-text' } } });
    await world.eventually(async () => expect((await books(world))['one']).toBe('a-canary-text'));
    await world.settled();
    const { trace } = world.faults;
    const write = trace.find(
      (entry) => entry.what === 'request' && entry.asked.verb === 'patch' && entry.asked.name === 'shelf-one',
    );
    const answered = trace.find((entry) => entry.what === 'answer' && entry.request === write?.request);
    expect(write).toMatchObject({ httpVersion: '2.0', userAgent: 'capstan' });
    expect(answered).toMatchObject({ status: 201, forwarded: true });
    const frames = trace.filter((entry) => entry.what === 'frame' && entry.frame.name === 'shelf-one');
    expect(frames.map((entry) => entry.what === 'frame' && entry.frame.type)).toContain('MODIFIED');
    expect(trace.map(({ sequence }) => sequence)).toEqual(trace.map((_, index) => index + 1));
    expect(JSON.stringify(trace)).not.toContain('a-canary-text');
  });

  it('speaks HTTP/1.1 to clients that know no better', async () => {
    await using world = await openWorld({ controllers: [shelves], faults: true });
    const asked = httpsRequest(`${world.faults.url}/version`, {
      ca: world.faults.certificateAuthority,
      headers: (await world.operatorConnection.credentials.current()).headers,
    });
    asked.end();
    const [answer] = await once(asked, 'response');
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk);
    expect(answer.httpVersion).toBe('1.1');
    expect(JSON.parse(Buffer.concat(chunks).toString()).major).toBe('1');
  });

  it('tells whoever comes with a client certificate that only tokens pass', async () => {
    await using world = await openWorld({ controllers: [shelves], faults: true });
    const { credentials, ...rest } = world.operatorConnection;
    const anonymous = { ...rest, credentials: { ...credentials, current: async () => ({ headers: {} }) } };
    const client = createClient(world.faults.connection(anonymous));
    await eventually(async () => {
      await expect(client.raw('/version')).rejects.toThrow('passes tokens on, not client certificates');
    });
    await client.close();
  });
});
