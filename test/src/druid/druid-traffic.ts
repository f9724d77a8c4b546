import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { IncomingMessage, ServerResponse } from 'node:http';
import { systemClock } from '@capstan/kube';
import type { FakeDruid } from '@capstan/testkit';

/** One request to a Druid. */
export interface Arrival {
  readonly method: string;
  /** The supervisor that the path names; empty where it names none. */
  readonly supervisor: string;
  /** When it came, in ms of a clock that only goes forward. */
  readonly atMs: number;
}

/** Said of every request that any server in this process takes, before it is answered. */
const arrivals = 'http.server.request.start';

/** Watches the requests to one Druid of this process: when each came, and how many were under way at once. */
export class DruidTraffic implements Disposable {
  readonly #host: string;
  readonly #seen: Arrival[] = [];
  #underWay = 0;
  #most = 0;

  constructor(druid: Pick<FakeDruid, 'url'>) {
    this.#host = new URL(druid.url).host;
    subscribe(arrivals, this.#take);
  }

  /** Every request since the watch began, the oldest first. */
  get seen(): readonly Arrival[] {
    return this.#seen;
  }

  /** How many are not answered yet. */
  get underWay(): number {
    return this.#underWay;
  }

  /** The most that were under way at once. */
  get most(): number {
    return this.#most;
  }

  [Symbol.dispose](): void {
    unsubscribe(arrivals, this.#take);
  }

  readonly #take = (message: unknown): void => {
    if (!isExchange(message) || message.request.headers.host !== this.#host) return;
    const { method = '', url = '' } = message.request;
    const [, supervisor = ''] = /\/supervisor\/([^/?]+)/.exec(url) ?? [];
    this.#seen.push({ method, supervisor, atMs: systemClock.monotonic() });
    this.#underWay += 1;
    this.#most = Math.max(this.#most, this.#underWay);
    message.response.once('close', () => {
      this.#underWay -= 1;
    });
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

function isExchange(message: unknown): message is Exchange {
  if (typeof message !== 'object' || message === null) return false;
  if (!('request' in message) || !('response' in message)) return false;
  return message.request instanceof IncomingMessage && message.response instanceof ServerResponse;
}
