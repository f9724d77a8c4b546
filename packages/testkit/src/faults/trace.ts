import type { ApiRequest } from './api-request.ts';
import type { Fault } from './fault.ts';

/** One thing that happened at the proxy. `request` numbers the request it belongs to. Bodies are never kept. */
export type TraceEntry = {
  /** Counts up from 1 over all entries. */
  readonly sequence: number;
  readonly request: number;
  /** Milliseconds since the proxy started. */
  readonly atMs: number;
} & Happening;

export type Happening =
  | { readonly what: 'request'; readonly asked: ApiRequest; readonly userAgent: string; readonly httpVersion: string }
  /** `status` is what the client got; absent when it got no answer. */
  | { readonly what: 'answer'; readonly status?: number; readonly forwarded: boolean }
  | { readonly what: 'fault'; readonly fault: Fault['do'] | 'outage' }
  | { readonly what: 'frame'; readonly frame: FrameHead }
  /** The client went away, or the stream ended. */
  | { readonly what: 'end' };

/** What one line of a watch is about. */
export interface FrameHead {
  /** `ADDED`, `MODIFIED`, `DELETED`, `BOOKMARK`, `ERROR`. */
  readonly type: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** Older entries are dropped beyond this many: enough for the largest plan, bounded for a soak of hours. */
const kept = 100_000;

/** What passed a proxy, in order. */
export class Trace {
  readonly #entries: TraceEntry[] = [];
  readonly #startedAt = performance.now();
  #sequence = 0;

  /** Oldest first. */
  get entries(): readonly TraceEntry[] {
    return this.#entries;
  }

  record(request: number, happening: Happening): void {
    this.#sequence += 1;
    const atMs = Math.round(performance.now() - this.#startedAt);
    this.#entries.push({ sequence: this.#sequence, request, atMs, ...happening });
    if (this.#entries.length > kept * 1.1) this.#entries.splice(0, this.#entries.length - kept);
  }
}

/** Reads the head of one watch line; a line that is no JSON has only its type, `?`. */
export function frameHeadOf(line: string): FrameHead {
  const head = { type: '?', kind: '', namespace: '', name: '', uid: '', resourceVersion: '' };
  try {
    const { type = '?', object = {} }: { type?: string; object?: { kind?: string; metadata?: Partial<FrameHead> } } =
      JSON.parse(line);
    const { namespace = '', name = '', uid = '', resourceVersion = '' } = object.metadata ?? {};
    return { type, kind: object.kind ?? '', namespace, name, uid, resourceVersion };
  } catch {
    return head;
  }
}
