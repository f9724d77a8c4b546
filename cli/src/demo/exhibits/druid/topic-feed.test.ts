import { FakeClock } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { TopicFeed } from './topic-feed.ts';

/** A broker that takes what it is sent when it is told to. */
class SlowBroker {
  readonly bootstrapServers = '127.0.0.1:9092';
  readonly taken: string[] = [];
  readonly #waiting: (() => void)[] = [];

  async produce(_topic: string, lines: readonly string[]): Promise<void> {
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.taken.push(...lines);
  }

  get asked(): number {
    return this.#waiting.length;
  }

  take(): void {
    this.#waiting.shift()?.();
  }
}

describe('a feed', () => {
  it('counts records once the broker has them, and sends one burst after the other', async () => {
    const [broker, clock] = [new SlowBroker(), new FakeClock()];
    const feed = new TopicFeed(broker, 'clicks', clock);
    const sending = [feed.send(2), feed.send(3)];
    await clock.advance(0);
    expect([broker.asked, feed.sent]).toEqual([1, 0]);
    broker.take();
    await sending[0];
    expect(feed.sent).toBe(2);
    await clock.advance(0);
    broker.take();
    await sending[1];
    const clicks = broker.taken.map((line) => JSON.parse(line).click);
    expect([feed.sent, clicks]).toEqual([5, [0, 1, 2, 3, 4]]);
  });

  it('is over only when the burst under way has ended, and then sends nothing more', async () => {
    const [broker, clock] = [new SlowBroker(), new FakeClock()];
    const feed = new TopicFeed(broker, 'clicks', clock);
    const sending = feed.send(1);
    await clock.advance(0);
    let isOver = false;
    const ending = feed[Symbol.asyncDispose]().then(() => {
      isOver = true;
    });
    await clock.advance(0);
    expect(isOver).toBe(false);
    broker.take();
    await Promise.all([sending, ending]);
    await expect(feed.send(1)).rejects.toThrow();
    expect([feed.sent, broker.asked]).toEqual([1, 0]);
  });

  it('that one did not get through leaves the next one alone', async () => {
    const broken = { bootstrapServers: '', produce: async (_: string, lines: readonly string[]) => refuse(lines) };
    const feed = new TopicFeed(broken, 'clicks', new FakeClock());
    await expect(feed.send(13)).rejects.toThrow('unlucky');
    await feed.send(1);
    expect(feed.sent).toBe(1);
  });

  it('flows until it is over', async () => {
    const clock = new FakeClock();
    const taken: number[] = [];
    const produce = async (_: string, lines: readonly string[]): Promise<void> => {
      taken.push(lines.length);
    };
    const feed = new TopicFeed({ bootstrapServers: '', produce }, 'clicks', clock);
    const flowing = feed.flow(20, 1_000);
    await clock.advance(2_500);
    await feed[Symbol.asyncDispose]();
    await flowing;
    expect(taken).toEqual([20, 20]);
  });
});

function refuse(lines: readonly string[]): void {
  if (lines.length === 13) throw new Error('unlucky');
}
