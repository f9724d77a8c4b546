import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Clock } from '@capstan/kube';
import type { Overview, StreamEvents } from '../api.ts';
import { Refused } from '../refused.ts';

export interface EventStreamOptions {
  readonly clock: Clock;
  /** Ends the stream. */
  readonly signal: AbortSignal;
}

/** Proxies cut what is silent for a minute. */
const heartbeatMs = 15_000;
/** Who takes nothing for that long is gone. */
const patienceMs = 60_000;

/**
 * Sends overviews as server-sent events until they end or the signal aborts; comments in between show that the connection
 * lives. The next one is asked for only when the one before has left, so a slow reader gets the newest.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export async function sendOverviews(
  response: ServerResponse,
  overviews: AsyncIterable<Overview>,
  { clock, signal }: EventStreamOptions,
): Promise<void> {
  const heart = new Heart(response, clock);
  try {
    for await (const overview of overviews) {
      if (!response.write(eventText('overview', overview))) await drained(response, clock, signal);
    }
  } catch (error) {
    if (signal.aborted || response.destroyed) return;
    if (!(error instanceof Refused)) throw error;
    response.write(eventText('refused', { message: error.message }));
  } finally {
    heart.stop();
    response.end();
  }
}

function eventText<K extends keyof StreamEvents>(event: K, data: StreamEvents[K]): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

async function drained(response: ServerResponse, clock: Clock, signal: AbortSignal): Promise<void> {
  const patience = clock.setTimeout(() => response.destroy(), patienceMs);
  try {
    await once(response, 'drain', { signal });
  } finally {
    patience.cancel();
  }
}

/** Sends a comment every 15 seconds, but never on top of what a slow reader has not taken yet. */
class Heart {
  readonly #response: ServerResponse;
  readonly #clock: Clock;
  #beat: ReturnType<Clock['setTimeout']>;

  constructor(response: ServerResponse, clock: Clock) {
    this.#response = response;
    this.#clock = clock;
    this.#beat = this.#next();
  }

  stop(): void {
    this.#beat.cancel();
  }

  #next(): ReturnType<Clock['setTimeout']> {
    return this.#clock.setTimeout(() => {
      if (!this.#response.writableNeedDrain) this.#response.write(': alive\n\n');
      this.#beat = this.#next();
    }, heartbeatMs);
  }
}
