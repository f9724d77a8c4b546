import { randomUUID } from 'node:crypto';
import {
  ConfigMap,
  connectionFrom,
  createClient,
  Event,
  type KubeClient,
  loadKubeConfig,
  Namespace,
  TransportError,
} from '@capstan/kube';
import { eventually, FakeClock } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { currentPass, PassTrace } from '../observe/pass-trace.ts';
import { type EventDraft, EventRecorder } from './recorder.ts';

const draft: EventDraft = { type: 'Warning', reason: 'QuorumLost', action: 'Observe', note: '1 of 3 brokers answers' };

let client: KubeClient;
/** Where nobody listens. */
let nowhere: KubeClient;

beforeAll(async () => {
  client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
  nowhere = createClient(await connectionFrom({ server: 'https://127.0.0.1:1' }));
});

afterAll(async () => {
  await client.close();
  await nowhere.close();
});

async function aNamespace(): Promise<string> {
  const name = `events-${randomUUID().slice(0, 8)}`;
  await client.create(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return name;
}

async function anObject(name = 'settings'): Promise<ConfigMap> {
  const namespace = await aNamespace();
  return client.create(ConfigMap, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name } });
}

function aRecorder(overrides: Partial<ConstructorParameters<typeof EventRecorder>[0]> = {}) {
  const clock = new FakeClock(Date.now());
  const recorder = new EventRecorder({
    client,
    clock,
    reportingController: 'capstan.io/test',
    reportingInstance: 'test-0',
    ...overrides,
  });
  const flush = () => recorder.flush(AbortSignal.timeout(20_000));
  return { clock, recorder, flush };
}

async function eventsOf(namespace: string | undefined): Promise<readonly Event[]> {
  return (await client.list(Event, { namespace })).items;
}

/** The real client over a line that breaks after the first request was carried out. */
function losingTheFirstAnswer(): KubeClient {
  let isFirst = true;
  const create: KubeClient['create'] = async (...request) => {
    const answer = await client.create(...request);
    if (!isFirst) return answer;
    isFirst = false;
    throw new TransportError('the connection broke', { maySent: true });
  };
  // A recorder calls these two and nothing else.
  return { create, patch: client.patch.bind(client) } as Partial<KubeClient> as KubeClient;
}

/** The real client, and the pass that each of its calls was counted as. */
async function tellingPasses(): Promise<{ client: KubeClient; passes: (string | undefined)[] }> {
  const passes: (string | undefined)[] = [];
  const onCall = () => passes.push(currentPass.getStore()?.reconcileID);
  return { client: createClient(await loadKubeConfig({ path: inject('kubeconfig') }), { onCall }), passes };
}

const none = { overflow: 0, rateLimited: 0, refused: 0, invalid: 0 };

describe('an event recorder', () => {
  it('writes on behalf of no pass, for it goes on when the one that began it has ended', async () => {
    const object = await anObject();
    await using telling = { ...(await tellingPasses()), [Symbol.asyncDispose]: () => telling.client.close() };
    const { recorder, clock } = aRecorder({ client: telling.client });
    currentPass.run(new PassTrace('first', 0), () => {
      recorder.record(object, draft);
      recorder.record(object, { ...draft, note: 'another' });
      recorder.record(object, draft);
    });
    await eventually(() => expect(telling.passes).toHaveLength(2));
    await eventually(async () => {
      await clock.advance(10_000);
      expect(telling.passes.length).toBeGreaterThan(2);
    });
    expect(new Set(telling.passes)).toEqual(new Set([undefined]));
  });

  it('writes what the API server takes as an event of the object', async () => {
    const object = await anObject();
    const { recorder, flush } = aRecorder();
    recorder.record(object, draft);
    await flush();
    expect(await eventsOf(object.metadata.namespace)).toEqual([
      expect.objectContaining({
        type: 'Warning',
        reason: 'QuorumLost',
        action: 'Observe',
        note: '1 of 3 brokers answers',
        reportingController: 'capstan.io/test',
        reportingInstance: 'test-0',
        eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}000Z$/),
        regarding: expect.objectContaining({ kind: 'ConfigMap', name: 'settings', uid: object.metadata.uid }),
      }),
    ]);
    expect(recorder.counts()).toEqual({ written: 1, aggregated: 0, dropped: none });
  });

  it('makes one event with a series of what is said again', async () => {
    const object = await anObject();
    const { recorder, clock, flush } = aRecorder();
    recorder.record(object, draft);
    await flush();
    for (let round = 0; round < 4; round += 1) {
      await clock.advance(1_000);
      recorder.record(object, draft);
    }
    expect(await eventsOf(object.metadata.namespace)).toEqual([
      expect.not.objectContaining({ series: expect.anything() }),
    ]);
    await flush();
    const [event, ...others] = await eventsOf(object.metadata.namespace);
    expect(others).toEqual([]);
    expect(event?.series).toEqual({
      count: 5,
      lastObservedTime: new Date(clock.now()).toISOString().replace('Z', '000Z'),
    });
    expect(recorder.counts()).toEqual({ written: 2, aggregated: 4, dropped: none });
  });

  it('writes a series every ten seconds while it goes on', async () => {
    const object = await anObject();
    const { recorder, clock, flush } = aRecorder();
    recorder.record(object, draft);
    await expect.poll(() => recorder.counts().written).toBe(1);
    recorder.record(object, draft);
    await clock.advance(9_000);
    expect(recorder.counts().written).toBe(1);
    await clock.advance(1_000);
    await expect.poll(() => recorder.counts().written).toBe(2);
    recorder.record(object, draft);
    recorder.record(object, draft);
    await clock.advance(9_000);
    expect(recorder.counts().written).toBe(2);
    await flush();
    expect((await eventsOf(object.metadata.namespace)).map(({ series }) => series?.count)).toEqual([4]);
  });

  it('tells apart what differs in type, reason, action or note, and starts anew after six quiet minutes', async () => {
    const object = await anObject();
    const { recorder, clock, flush } = aRecorder();
    const sayings: EventDraft[] = [
      draft,
      { ...draft, type: 'Normal' },
      { ...draft, reason: 'Other' },
      { ...draft, action: 'Other' },
      { ...draft, note: 'other' },
    ];
    for (const saying of sayings) recorder.record(object, saying);
    await flush();
    await clock.advance(6 * 60_000 + 1);
    recorder.record(object, draft);
    await flush();
    expect(await eventsOf(object.metadata.namespace)).toHaveLength(6);
  });

  it('takes the longest note and reason, and the longest name of an object', async () => {
    const object = await anObject('n'.repeat(253));
    const { recorder, flush } = aRecorder();
    recorder.record(object, { ...draft, reason: 'R'.repeat(128), action: 'a'.repeat(128), note: 'ä'.repeat(2_000) });
    await flush();
    expect(await eventsOf(object.metadata.namespace)).toEqual([
      expect.objectContaining({ reason: 'R'.repeat(128), note: `${'ä'.repeat(510)}…` }),
    ]);
  });

  it('puts the event of a cluster-scoped object into the namespace default', async () => {
    const namespace = await client.get(Namespace, { name: await aNamespace() });
    if (namespace === undefined) throw new Error('the namespace is gone');
    const { recorder, flush } = aRecorder();
    recorder.record(namespace, draft);
    await flush();
    const regarding = (await eventsOf('default')).map((event) => event.regarding?.name);
    expect(regarding).toContain(namespace.metadata.name);
  });

  it('makes the event anew when a series outlives it', async () => {
    const object = await anObject();
    const { recorder, flush } = aRecorder();
    recorder.record(object, draft);
    await flush();
    const [event] = await eventsOf(object.metadata.namespace);
    if (event === undefined) throw new Error('no event was written');
    await client.delete(Event, event.metadata);
    recorder.record(object, draft);
    await flush();
    expect((await eventsOf(object.metadata.namespace)).map(({ series }) => series?.count)).toEqual([2]);
  });

  it('writes an event once, though the first answer is lost', async () => {
    const object = await anObject();
    const { recorder, flush } = aRecorder({ client: losingTheFirstAnswer() });
    recorder.record(object, draft);
    await flush();
    expect(await eventsOf(object.metadata.namespace)).toHaveLength(1);
    expect(recorder.counts()).toEqual({ written: 1, aggregated: 0, dropped: none });
  });

  it('counts what the API server refuses, and goes on', async () => {
    const object = await anObject();
    const { recorder, flush } = aRecorder();
    const gone = { ...object, metadata: { ...object.metadata, namespace: 'no-such-namespace', uid: 'x' } };
    recorder.record(gone, draft);
    recorder.record(object, draft);
    await flush();
    expect(recorder.counts()).toEqual({ written: 1, aggregated: 0, dropped: { ...none, refused: 1 } });
  });

  it('drops what is no event without failing the pass', async () => {
    const object = await anObject();
    const { recorder, flush } = aRecorder();
    recorder.record(object, { ...draft, reason: 'This is a sentence.' });
    await flush();
    expect(recorder.counts()).toEqual({ written: 0, aggregated: 0, dropped: { ...none, invalid: 1 } });
  });

  it('lets an object say 25 things at once, then one in five minutes', async () => {
    const object = await anObject();
    const { recorder, clock, flush } = aRecorder();
    for (let index = 0; index < 30; index += 1) recorder.record(object, { ...draft, note: `saying ${index}` });
    await clock.advance(5 * 60_000);
    recorder.record(object, { ...draft, note: 'later' });
    await flush();
    expect(recorder.counts()).toEqual({ written: 26, aggregated: 0, dropped: { ...none, rateLimited: 5 } });
  });

  it('keeps the newest when too many wait, and drops the rest when its time to flush is over', async () => {
    const { recorder, clock } = aRecorder({ client: nowhere, bufferSize: 10 });
    for (let index = 0; index < 15; index += 1) {
      recorder.record({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'a', name: `o-${index}` } }, draft);
    }
    // One is under way, ten wait.
    expect(recorder.counts().dropped.overflow).toBe(4);
    await recorder.flush(AbortSignal.abort());
    expect(recorder.counts()).toEqual({ written: 0, aggregated: 0, dropped: { ...none, overflow: 14 } });
    expect(clock.pendingTimers).toBe(0);
  });
});
