import { connectionFrom, createClient } from '@capstan/kube';
import { FakeClock } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import type { Scene } from './exhibits/exhibit.ts';
import { Performances } from './performances.ts';
import { row } from './row.fixture.ts';
import type { Row } from './table.ts';

const waiting = { kind: 'Waiting', why: 'no quorum yet' } as const;
/** Kinds with a resource each, all of which are on their way at first. */
class Theatre {
  readonly clock = new FakeClock();
  readonly over = new AbortController();
  readonly happened: string[] = [];
  readonly #rows = new Map<string, Row>();
  readonly #listeners: (() => void)[] = [];

  async open(): Promise<Performances> {
    // No act here calls anybody.
    const client = createClient(await connectionFrom({ server: 'https://127.0.0.1:1', token: 'none', env: {} }));
    return new Performances({
      client,
      board: { rows: () => [...this.#rows.values()], subscribe: (listener) => this.#listeners.push(listener) },
      clock: this.clock,
      elapsedMs: () => this.clock.monotonic(),
      timeoutMs: 60_000,
      signal: this.over.signal,
      say: () => {},
    });
  }

  /** A kind that acts as told, if it does. */
  kind(name: string, act?: (scene: Scene) => Promise<string>) {
    this.#rows.set(name, row({ name, verdict: waiting }));
    const headings = { resource: '', state: '', figures: [] };
    const rows = { table: () => ({ headings, rows: [...this.#rows.values()].filter((each) => each.name === name) }) };
    return { exhibit: { kind: { kind: name } }, show: act === undefined ? {} : { act }, rows };
  }

  ready(name: string): void {
    this.#rows.set(name, row({ name }));
    for (const listener of this.#listeners) listener();
  }
}

describe('performances', () => {
  it('act as soon as their resources are ready, one after the other', async () => {
    const theatre = new Theatre();
    const performances = await theatre.open();
    const firstIsOver = Promise.withResolvers<void>();
    const first = async (): Promise<string> => {
      theatre.happened.push('first begins');
      await firstIsOver.promise;
      theatre.happened.push('first is over');
      return 'one';
    };
    performances.begin(theatre.kind('slow'));
    performances.begin(theatre.kind('first', first));
    performances.begin(
      theatre.kind('second', async () => {
        theatre.happened.push('second begins');
        return 'two';
      }),
    );
    theatre.ready('first');
    await theatre.clock.advance(1_000);
    theatre.ready('second');
    await theatre.clock.advance(1_000);
    expect(theatre.happened).toEqual(['first begins']);
    firstIsOver.resolve();
    theatre.ready('slow');
    const { acts, tally } = await performances.outcome();
    expect(acts).toEqual([
      { kind: 'first', text: 'one' },
      { kind: 'second', text: 'two' },
    ]);
    expect(tally.ready.map(({ name }) => name)).toEqual(['slow', 'first', 'second']);
    expect(theatre.happened).toEqual(['first begins', 'first is over', 'second begins']);
  });

  it('of what comes later wait until all is ready, and hold up no others', async () => {
    const theatre = new Theatre();
    const performances = await theatre.open();
    const named = (name: string) => theatre.kind(name, async () => `${theatre.happened.push(name)}`);
    const later = (name: string) => ({ ...named(name), exhibit: { kind: { kind: name }, comesLater: true } as const });
    performances.begin(later('federation'));
    performances.begin(named('first'));
    theatre.ready('federation');
    theatre.ready('first');
    await theatre.clock.advance(1_000);
    performances.begin(later('ingestion'));
    performances.complete();
    await theatre.clock.advance(1_000);
    expect(theatre.happened).toEqual(['first']);
    theatre.ready('ingestion');
    await performances.outcome();
    expect(theatre.happened).toEqual(['first', 'federation', 'ingestion']);
  });

  it('are ready when the slowest of them is, however long the acts take', async () => {
    const theatre = new Theatre();
    const performances = await theatre.open();
    const act = async (): Promise<string> => {
      await theatre.clock.advance(20_000);
      return 'done';
    };
    performances.begin(theatre.kind('quick'));
    performances.begin(theatre.kind('slow', act));
    theatre.ready('quick');
    await theatre.clock.advance(7_000);
    theatre.ready('slow');
    await performances.outcome();
    expect([performances.readyMs, theatre.clock.monotonic()]).toEqual([7_000, 27_000]);
  });

  it('fail with what is missing when time is up', async () => {
    const theatre = new Theatre();
    const performances = await theatre.open();
    performances.begin(theatre.kind('slow'));
    await theatre.clock.advance(60_000);
    await expect(performances.failure).rejects.toMatchObject({
      message: 'not ready after 1 min 0 s: 1 of 1 resources',
      details: ['shop/slow: 3/3 ready; no quorum yet'],
    });
  });

  it('fail with an act that does, and end with the demo', async () => {
    const theatre = new Theatre();
    const performances = await theatre.open();
    performances.begin(theatre.kind('never'));
    performances.begin(theatre.kind('bad', () => Promise.reject(new Error('lag stays'))));
    theatre.ready('bad');
    await expect(performances.failure).rejects.toThrow('lag stays');
    theatre.over.abort();
    await performances.ended();
  });
});
