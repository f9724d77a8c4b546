import { TcpProxy } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { KubeClient } from '../client.ts';
import { createClient } from '../create-client.ts';
import { ConfigMap, Namespace } from '../kinds.ts';
import { loadKubeConfig } from '../kubeconfig/index.ts';
import { eventually } from '../testing/eventually.fixture.ts';
import { ManualClock } from '../testing/manual-clock.fixture.ts';
import { RecordingSink } from '../testing/recording-sink.fixture.ts';
import {
  answer,
  connectionTo,
  type Received,
  refuse,
  type Script,
  ScriptedServer,
} from '../testing/scripted-server.fixture.ts';
import { Reflector, type ReflectorOptions, type ReflectorProblem } from './reflector.ts';

/** A reflector under way, and what it reported; it is stopped when the test is over. */
class Running implements AsyncDisposable {
  readonly sink = new RecordingSink<ConfigMap>();
  readonly problems: ReflectorProblem[] = [];
  readonly reflector: Reflector<ConfigMap>;
  readonly #abort = new AbortController();
  readonly #done: Promise<void>;

  constructor(client: KubeClient, options: Partial<ReflectorOptions<ConfigMap>> = {}) {
    const onProblem = (problem: ReflectorProblem) => this.problems.push(problem);
    this.reflector = new Reflector(client, ConfigMap, { sink: this.sink, random: () => 0, onProblem, ...options });
    this.#done = this.reflector.run(this.#abort.signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.#done;
  }
}

describe('against a real API server', () => {
  const namespace = `reflector-${process.pid}`;
  let client: KubeClient;

  const create = (name: string, data: Record<string, string> = {}) =>
    client.create(ConfigMap, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data });
  /** The root CA that the controller manager puts into every namespace comes when it likes. */
  const selection = { namespace, fieldSelector: 'metadata.name!=kube-root-ca.crt' };

  beforeAll(async () => {
    client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
    await client.create(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  });

  afterAll(async () => {
    await client.delete(Namespace, { name: namespace });
    await client.close();
  });

  it('takes one snapshot and follows what is added, changed and deleted', async () => {
    await create('first');
    await using running = new Running(client, selection);
    await eventually('the snapshot is complete', () => running.sink.log.includes('synced'));
    await create('second');
    await client.patch(ConfigMap, { namespace, name: 'second' }, { kind: 'merge', body: { data: { a: '1' } } });
    await client.delete(ConfigMap, { namespace, name: 'second' });
    await eventually('the deletion has come', () => running.sink.log.includes('deleted second'));
    const story = ['restarted Start', 'applied first', 'synced', 'applied second', 'applied second', 'deleted second'];
    expect(running.sink.log).toEqual(story);
    expect(running.problems).toEqual([]);
    expect(running.reflector.health()).toMatchObject({
      state: 'watching',
      synced: true,
      reconnects: 0,
      sinkErrors: 0,
      lastEventAgeMs: expect.any(Number),
      lastBookmarkAgeMs: expect.any(Number),
    });
    await client.delete(ConfigMap, { namespace, name: 'first' });
  });

  it('watches metadata only, under the kind the objects have', async () => {
    await create('meta', { secret: 'content' });
    await using running = new Running(client, { ...selection, metadataOnly: true });
    await eventually('the object has come', () => running.sink.objects.has('meta'));
    expect(running.sink.objects.get('meta')).toMatchObject({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'meta' },
    });
    expect(running.sink.objects.get('meta')).not.toHaveProperty('data');
    await client.delete(ConfigMap, { namespace, name: 'meta' });
  });

  it('goes on where it was when its connection is reset in mid-watch, and misses nothing', async () => {
    const connection = await loadKubeConfig({ path: inject('kubeconfig') });
    await using proxy = await TcpProxy.start(connection.server);
    const faulty = createClient({ ...connection, server: proxy.url });
    await using running = new Running(faulty, selection);
    await eventually('the snapshot is complete', () => running.sink.log.includes('synced'));
    for (let round = 1; round <= 5; round += 1) {
      proxy.cut();
      await create(`after-cut-${round}`);
      await eventually('the new object has come', () => running.sink.objects.has(`after-cut-${round}`));
    }
    const { relists, reconnects } = running.reflector.health();
    expect(relists).toEqual({ Start: 1, Expired: 0, Interrupted: 0, Unsupported: 0, AheadOfServer: 0, Silent: 0 });
    expect(reconnects).toBeGreaterThanOrEqual(5);
    await faulty.close();
  });

  it('survives a sink that throws, and counts it', async () => {
    class Throwing extends RecordingSink<ConfigMap> {
      override applied(object: ConfigMap): void {
        super.applied(object);
        throw new Error('a bug in the sink');
      }
    }
    const sink = new Throwing();
    await using running = new Running(client, { ...selection, sink });
    await eventually('the snapshot is complete', () => sink.log.includes('synced'));
    await create('throws');
    await eventually('the object has come', () => sink.objects.has('throws'));
    expect(running.reflector.health()).toMatchObject({ state: 'watching', sinkErrors: sink.objects.size });
    expect(running.problems.at(-1)).toMatchObject({
      kind: 'sink',
      resource: 'ConfigMap',
      ref: { name: 'throws', namespace },
    });
  });
});

/** Servers that play one fault; what they speak is the API's own form, cut down to what a watch needs. */
describe('against a server at fault', () => {
  const object = (name: string, resourceVersion: string, uid = `uid-of-${name}`) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default', uid, resourceVersion },
  });
  const added = (name: string, resourceVersion: string, uid?: string) => ({
    type: 'ADDED',
    object: object(name, resourceVersion, uid),
  });
  const bookmark = (resourceVersion: string, end = false) => ({
    type: 'BOOKMARK',
    object: { metadata: { resourceVersion, ...(end ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}) } },
  });
  const gone = {
    type: 'ERROR',
    object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' },
  };

  /** Sends events; the watch stays open. */
  const stream = (request: Received, ...events: object[]) => {
    request.stream.respond({ ':status': 200, 'content-type': 'application/json' });
    for (const event of events) request.stream.write(`${JSON.stringify(event)}\n`);
  };
  const isSnapshot = (request: Received) => request.path.includes('sendInitialEvents=true');
  const isWatch = (request: Received) => request.path.includes('watch=true');
  const versionIn = (request: Received) => new URL(request.path, 'https://server').searchParams.get('resourceVersion');

  async function started(script: Script, options: Partial<ReflectorOptions<ConfigMap>> = {}) {
    const server = await ScriptedServer.start(script);
    const client = createClient(connectionTo(server.url), {
      ...(options.clock === undefined ? {} : { clock: options.clock }),
    });
    const running = new Running(client, options);
    return {
      server,
      sink: running.sink,
      running,
      async [Symbol.asyncDispose]() {
        await running[Symbol.asyncDispose]();
        await client.close();
        await server[Symbol.asyncDispose]();
      },
    };
  }

  it.each([
    { place: 'as the status of a watch', expire: (request: Received) => refuse(request, 410, 'Expired') },
    { place: 'as an event inside a watch', expire: (request: Received) => stream(request, gone) },
  ])('takes a new snapshot when 410 comes $place', async ({ expire }) => {
    let snapshots = 0;
    await using test = await started((request) => {
      if (!isSnapshot(request)) return expire(request);
      snapshots += 1;
      if (snapshots === 1) {
        stream(request, added('stays', '1'), added('goes', '2'), bookmark('10', true));
        request.stream.end();
      } else stream(request, added('stays', '1'), added('comes', '12'), bookmark('20', true));
    });
    await eventually('the second snapshot is complete', () => test.sink.syncedAt === '20');
    expect(test.sink.names).toEqual(['comes', 'stays']);
    expect(test.sink.log).toEqual([
      ...['restarted Start', 'applied stays', 'applied goes', 'synced'],
      ...['restarted Expired', 'applied stays', 'applied comes', 'synced'],
    ]);
    expect(test.server.received.map(versionIn)).toEqual([null, '10', null]);
  });

  it('starts over when 410 comes between two pages, and asks for the whole list when it comes again', async () => {
    await using test = await started((request) => {
      if (isSnapshot(request)) return refuse(request, 422, 'Invalid');
      if (isWatch(request)) return stream(request);
      if (request.path.includes('continue=')) return refuse(request, 410, 'Expired');
      const items = [object('a', '1')];
      if (request.path.includes('limit='))
        return answer(request, 200, { metadata: { resourceVersion: '5', continue: 'more' }, items });
      return answer(request, 200, { metadata: { resourceVersion: '9' }, items: [...items, object('b', '2')] });
    });
    await eventually('the list is complete', () => test.sink.syncedAt === '9');
    expect(test.sink.log).toEqual([
      ...['restarted Unsupported', 'applied a', 'restarted Expired', 'applied a'],
      ...['restarted Expired', 'applied a', 'applied b', 'synced'],
    ]);
    await eventually('the watch follows', () => test.server.received.some((request) => versionIn(request) === '9'));
  });

  it('reports an object made anew under the same name out of sight as deleted, then applied', async () => {
    let snapshots = 0;
    await using test = await started((request) => {
      if (!isSnapshot(request)) return refuse(request, 410, 'Expired');
      snapshots += 1;
      stream(request, added('twin', `${snapshots}`, `uid-${snapshots}`), bookmark(`${snapshots}0`, true));
      if (snapshots === 1) request.stream.end();
    });
    await eventually('the second snapshot is complete', () => test.sink.syncedAt === '20');
    const anew = ['restarted Expired', 'deleted twin', 'applied twin', 'synced'];
    expect(test.sink.log).toEqual(['restarted Start', 'applied twin', 'synced', ...anew]);
  });

  it('begins the snapshot again when it breaks off, and takes nothing of it for whole', async () => {
    await using test = await started((request, count) => {
      stream(request, added('a', '1'));
      if (count === 1) request.stream.session?.destroy();
      else stream2(request);
    });
    function stream2(request: Received) {
      request.stream.write(`${JSON.stringify(bookmark('10', true))}\n`);
    }
    await eventually('the snapshot is complete', () => test.sink.syncedAt === '10');
    expect(test.sink.log.filter((line) => line === 'synced')).toHaveLength(1);
    expect(test.running.reflector.health()).toMatchObject({ synced: true, state: 'watching' });
  });

  it('goes on from the last whole event when an event is cut off in the middle', async () => {
    await using test = await started((request, count) => {
      if (count === 1) stream(request, bookmark('10', true), added('a', '11'));
      else return stream(request, added('b', '12'));
      request.stream.end('{"type":"ADDED","object":{"metadata":{"name":"b"');
    });
    await eventually('the event has come whole', () => test.sink.objects.has('b'));
    expect(test.server.received.map(versionIn)).toEqual([null, '11']);
    expect(test.running.problems).toMatchObject([{ kind: 'request', error: { name: 'TransportError' } }]);
  });

  it('waits as long as Retry-After asks when a watch is answered 429', async () => {
    const clock = new ManualClock();
    await using test = await started(
      (request, count) => {
        if (count === 1) refuse(request, 429, 'TooManyRequests', { 'retry-after': '7' });
        else stream(request, bookmark('10', true));
      },
      { clock },
    );
    await eventually('it waits', () => test.running.reflector.health().state === 'waiting');
    clock.advance(6_999);
    expect(test.server.received).toHaveLength(1);
    clock.advance(1);
    await eventually('the snapshot is complete', () => test.sink.syncedAt === '10');
  });

  it('reconnects a watch on which not even a bookmark comes, and takes a new snapshot when that happens twice', async () => {
    const clock = new ManualClock();
    await using test = await started(
      (request, count) => {
        if (count === 1) stream(request, bookmark('10', true), bookmark('11'));
        else if (isSnapshot(request)) stream(request, bookmark('20', true));
        else stream(request);
      },
      { clock },
    );
    await eventually('the first watch is up', () => test.running.reflector.health().resourceVersion === '11');
    for (const requests of [2, 3]) {
      clock.advance(90_000);
      await eventually('the next request is made', () => {
        clock.advance(0);
        return test.server.received.length === requests;
      });
    }
    await eventually('the new snapshot is complete', () => test.sink.syncedAt === '20');
    expect(test.server.received.map(versionIn)).toEqual([null, '11', null]);
    expect(test.running.reflector.health().relists).toMatchObject({ Start: 1, Silent: 1 });
  });

  it('knows when the server was last heard: by a bookmark, or by a watch that ended in its time', async () => {
    const clock = new ManualClock();
    await using test = await started(
      (request, count) => {
        if (count === 1) stream(request, bookmark('10', true));
        else stream(request);
      },
      { clock },
    );
    const age = () => test.running.reflector.health().lastContactAgeMs;
    await eventually('the snapshot is complete', () => test.sink.syncedAt === '10');
    expect(age()).toBe(0);
    clock.advance(20_000);
    expect(age()).toBe(20_000);
    test.server.received[0]?.stream.end();
    await eventually('the end was seen', () => age() === 0);
  });

  it('lists in pages where the server ignores that a streamed snapshot was asked for', async () => {
    const clock = new ManualClock();
    await using test = await started(
      (request) => {
        if (isWatch(request)) stream(request, added('a', '1'));
        else answer(request, 200, { metadata: { resourceVersion: '9' }, items: [object('a', '1')] });
      },
      { clock },
    );
    await eventually('the object has come', () => test.sink.objects.has('a'));
    clock.advance(10_000);
    await eventually('the list is complete', () => test.sink.syncedAt === '9');
    expect(test.running.reflector.health().relists).toMatchObject({ Start: 1, Unsupported: 1 });
  });

  it('takes no more from the server than it reads', async () => {
    const text = 'x'.repeat(64 * 1024);
    let sent = 0;
    await using server = await ScriptedServer.start((request) => {
      request.stream.respond({ ':status': 200, 'content-type': 'application/json' });
      const send = () => {
        const event = { type: 'ADDED', object: { ...object(`o-${sent}`, `${sent}`), data: { text } } };
        while (sent < 1_000) {
          sent += 1;
          if (!request.stream.write(`${JSON.stringify(event)}\n`)) return void request.stream.once('drain', send);
        }
        request.stream.end();
      };
      send();
    });
    const client = createClient(connectionTo(server.url));
    const events = client.watch(ConfigMap);
    await events.next();
    let before = -1;
    await eventually('the server can send no more', async () => {
      const stuck = before === sent;
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 200));
      return stuck;
    });
    // 64 MB are on offer; one stream's window of 8 MB and what the sockets hold may be on the way.
    expect(sent).toBeLessThan(400);
    let received = 1;
    for await (const _event of events) received += 1;
    expect(received).toBe(1_000);
    await client.close();
  });
});
