import { type Clock, systemClock } from '@capstan/kube';
import type { RealKafka } from '@capstan/testkit';

/** Sends records to a topic of Kafka, in bursts, one burst after the other. */
export class TopicFeed implements AsyncDisposable {
  readonly topic: string;
  readonly #kafka: Pick<RealKafka, 'bootstrapServers' | 'produce'>;
  readonly #clock: Clock;
  readonly #over = new AbortController();
  #sent = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(kafka: Pick<RealKafka, 'bootstrapServers' | 'produce'>, topic: string, clock: Clock = systemClock) {
    this.#kafka = kafka;
    this.topic = topic;
    this.#clock = clock;
  }

  get bootstrapServers(): string {
    return this.#kafka.bootstrapServers;
  }

  /** Records that the broker has. */
  get sent(): number {
    return this.#sent;
  }

  /**
   * Sends so many records; resolves when the broker has them.
   * @throws {DruidError} `ToolFailed` when it does not take them; and the reason of the abort once the feed is over
   */
  async send(count: number): Promise<void> {
    const sending = this.#last.then(() => this.#send(count));
    this.#last = sending.catch(() => {});
    await sending;
  }

  /** Goes on sending bursts until the feed is over. A broker that does not take one is left alone. */
  async flow(burst: number, everyMs: number): Promise<void> {
    try {
      for (;;) {
        await this.#clock.sleep(everyMs, this.#over.signal);
        await this.send(burst);
      }
    } catch {
      // Over, or told in the log of the tool: whoever looks sees that no records come.
    }
  }

  /** Lets the burst under way end, because a tool that loses its broker takes minutes to give up. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#last;
  }

  async #send(count: number): Promise<void> {
    this.#over.signal.throwIfAborted();
    const timestamp = new Date(this.#clock.now()).toISOString();
    await this.#kafka.produce(this.topic, recordsFrom(this.#sent, count, timestamp));
    this.#sent += count;
  }
}

function recordsFrom(first: number, count: number, timestamp: string): readonly string[] {
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({ timestamp, click: first + index, page: `page-${(first + index) % 7}` }),
  );
}
