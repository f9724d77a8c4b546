import { FakeClock } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { RoundTrip, type RoundTripParts } from './round-trip.ts';
import type { SupervisorReading } from './supervisor-reading.ts';

/** A Druid that reads at once what comes, unless it is suspended; each change takes it 10 s. */
class QuickDruid {
  readonly said: string[] = [];
  readonly clock = new FakeClock();
  readonly #parts: Partial<RoundTripParts>;
  #sent = 200;
  #read = 200;
  #isSuspended = false;

  constructor(parts: Partial<RoundTripParts> = {}) {
    this.#parts = parts;
  }

  get reading(): SupervisorReading {
    return { tasks: this.#isSuspended ? 0 : 1, offsets: { lag: this.#sent - this.#read, read: this.#read } };
  }

  async #suspend(suspend: boolean): Promise<void> {
    await this.clock.advance(10_000);
    this.#isSuspended = suspend;
    if (!suspend) this.#read = this.#sent;
  }

  async #send(count: number): Promise<void> {
    this.#sent += count;
    if (!this.#isSuspended) this.#read = this.#sent;
  }

  trip(signal: AbortSignal = new AbortController().signal): RoundTrip {
    const sent = (): number => this.#sent;
    return new RoundTrip({
      ingestion: {
        ref: { namespace: 'default', name: 'clicks' },
        suspend: (suspend) => this.#suspend(suspend),
        isSuspended: async () => this.#isSuspended,
      },
      feed: {
        get sent() {
          return sent();
        },
        send: (count) => this.#send(count),
      },
      gauge: this,
      scene: { timeoutMs: 0, signal, say: (line) => this.said.push(line) },
      clock: this.clock,
      ...this.#parts,
    });
  }
}

describe('a round trip', () => {
  it('tells what a user would type, and ends with what was read and how long it took', async () => {
    const druid = new QuickDruid();
    expect(await druid.trip().go()).toBe('600 records read, suspended and resumed in 20.0 s');
    expect(druid.said).toEqual([
      'all 200 records are read: a user suspends the ingestion',
      `$ kubectl patch druidingestion clicks -n default --type merge -p '{"spec":{"suspend":true}}'`,
      '400 records wait in Kafka: the user resumes the ingestion',
      `$ kubectl patch druidingestion clicks -n default --type merge -p '{"spec":{"suspend":false}}'`,
    ]);
  });

  it.each([
    ['nothing is read', { gauge: { reading: undefined } }, 'all 200 records read', 'no supervisor'],
    ['the resource does not follow', { ingestion: deaf() }, 'condition Suspended=True', '1 task, lag 0, 200 read'],
  ])('says what was not reached when %s', async (_, parts, what, detail) => {
    await expect(new QuickDruid(parts).trip().go()).rejects.toMatchObject({
      message: `druid: not reached after 0.0 s: ${what}`,
      details: [`default/clicks: ${detail}`],
    });
  });

  it('ends when the demo does', async () => {
    await expect(new QuickDruid().trip(AbortSignal.abort()).go()).rejects.toThrow('aborted');
  });
});

function deaf(): RoundTripParts['ingestion'] {
  const ref = { namespace: 'default', name: 'clicks' };
  return { ref, suspend: async () => {}, isSuspended: async () => undefined };
}
