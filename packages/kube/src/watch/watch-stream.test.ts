import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ApiError, TransportError } from '../api-error.ts';
import type { WatchEvent } from '../client.ts';
import { ConfigMap } from '../kinds.ts';
import type { HttpResponse } from '../transport/http-exchange.ts';
import { readWatch } from './watch-stream.ts';

/** A clock on which each look takes a millisecond, as parsing an object of some size does. */
function tickingClock() {
  let ms = 0;
  const monotonic = () => {
    ms += 1;
    return ms;
  };
  return { monotonic };
}

function responseOf(body: Readable, interrupted = false): HttpResponse {
  return { status: 200, headers: {}, body, interrupted: () => interrupted, cancel: () => body.destroy() };
}

const watchOf = (response: HttpResponse) =>
  readWatch(ConfigMap, response, { request: 'GET /api/v1/configmaps', clock: tickingClock() });

async function eventsOf(...chunks: readonly string[]): Promise<WatchEvent<ConfigMap>[]> {
  const events: WatchEvent<ConfigMap>[] = [];
  const body = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  for await (const event of watchOf(responseOf(body))) events.push(event);
  return events;
}

const object = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
const line = (event: object) => `${JSON.stringify(event)}\n`;
const bookmark = (metadata: object) => line({ type: 'BOOKMARK', object: { kind: 'ConfigMap', metadata } });

describe('readWatch', () => {
  it('gives every event in order', async () => {
    const end = { 'k8s.io/initial-events-end': 'true' };
    const events = await eventsOf(
      line({ type: 'ADDED', object: object('a') }) + line({ type: 'MODIFIED', object: object('b') }),
      line({ type: 'DELETED', object: object('c') }),
      bookmark({ resourceVersion: '5', annotations: end }) + bookmark({ resourceVersion: '6' }),
    );
    expect(events).toEqual([
      { type: 'ADDED', object: object('a') },
      { type: 'MODIFIED', object: object('b') },
      { type: 'DELETED', object: object('c') },
      { type: 'BOOKMARK', resourceVersion: '5', initialEventsEnd: true },
      { type: 'BOOKMARK', resourceVersion: '6', initialEventsEnd: false },
    ]);
  });

  it('lets the rest of the program have its turn every few milliseconds, however much has arrived', async () => {
    const whole = Array.from({ length: 1_000 }, (_, index) =>
      line({ type: 'ADDED', object: object(`o-${index}`) }),
    ).join('');
    let eventsThisTurn = 0;
    let mostInOneTurn = 0;
    const nextTurn = () => {
      eventsThisTurn = 0;
      turn = setImmediate(nextTurn);
    };
    let turn = setImmediate(nextTurn);
    for await (const _event of watchOf(responseOf(Readable.from([Buffer.from(whole)])))) {
      eventsThisTurn += 1;
      mostInOneTurn = Math.max(mostInOneTurn, eventsThisTurn);
    }
    clearImmediate(turn);
    // Each event takes a millisecond of the clock; two slices of 8 ms may touch within one turn.
    expect(mostInOneTurn).toBeLessThanOrEqual(20);
  });

  it('throws an ERROR event as an ApiError', async () => {
    const status = {
      kind: 'Status',
      code: 410,
      reason: 'Expired',
      message: 'too old',
      details: { retryAfterSeconds: 2 },
    };
    const failure = await eventsOf(line({ type: 'ERROR', object: status })).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApiError);
    expect(failure).toMatchObject({ status: 410, reason: 'Expired', isExpired: true, retryAfterSeconds: 2 });
  });

  it.each([
    { what: 'ends inside an event', text: '{"type":"ADDED","object":{"data":{"password":"hunter2"' },
    { what: 'holds something that is not JSON', text: 'password=hunter2\n' },
    { what: 'holds an event of no known type', text: line({ type: 'SURPRISE', object: object('hunter2') }) },
    { what: 'holds an event without an object', text: line({ type: 'ADDED' }) },
    { what: 'holds a bookmark without resourceVersion', text: bookmark({}) },
  ])('throws a TransportError that quotes nothing when the watch $what', async ({ text }) => {
    const failure = await eventsOf(text).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TransportError);
    expect(String(failure)).not.toContain('hunter2');
  });

  it('throws a TransportError when the body broke off between two events', async () => {
    const body = Readable.from([Buffer.from(line({ type: 'ADDED', object: object('a') }))]);
    const events = watchOf(responseOf(body, true));
    expect(await events.next()).toMatchObject({ done: false });
    await expect(events.next()).rejects.toThrow(TransportError);
  });

  it('cancels the answer when its reader leaves', async () => {
    const body = Readable.from([Buffer.from(line({ type: 'ADDED', object: object('a') })), Buffer.from('{')]);
    for await (const _event of watchOf(responseOf(body))) break;
    expect(body.destroyed).toBe(true);
  });
});
