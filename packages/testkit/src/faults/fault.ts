import type { ApiRequest } from './api-request.ts';

/** The refusals that can be played, with the reason that the API server gives with each. */
export const refusalReasons = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  413: 'RequestEntityTooLarge',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
} as const;

export type RefusalStatus = keyof typeof refusalReasons;

/** What can happen to a request that is not a watch. */
export type RequestFault =
  /** The request never arrives, and its stream or connection is cut. */
  | { readonly do: 'drop' }
  /** The request is passed on after so long. */
  | { readonly do: 'delay'; readonly ms: number }
  /** The request never arrives; the answer is this refusal, with a `Status` body as the API server writes it. */
  | {
      readonly do: 'answer';
      readonly status: RefusalStatus;
      /** As `AlreadyExists` for a 409; the usual one of the status unless told. */
      readonly reason?: string;
      readonly retryAfterSeconds?: number;
    }
  /** The request is carried out, and its answer is lost: the stream or connection is cut instead. */
  | { readonly do: 'loseResponse' };

/** What can happen to a watch after it passed on `afterFrames` lines (0 unless told), bookmarks included. */
export type WatchFault = { readonly afterFrames?: number } & (
  | /** The stream breaks off. */ { readonly do: 'cut' }
  /** Nothing more comes and nothing is closed, until the fault is lifted: then all that was held back comes, in order. */
  | { readonly do: 'stall' }
  /** The server says that the watch is too old: an ERROR line with a Status of code 410, then the end. */
  | { readonly do: 'gone' }
  /** Every byte comes alone. */
  | { readonly do: 'splitFrames' }
);

export type Fault = RequestFault | WatchFault;

/** Which requests are meant; what is left out matches everything. A watch is meant only where `verb` says so. */
export interface RequestMatch {
  readonly verb?: string | readonly string[];
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string | RegExp;
}

/** A fault and when it strikes. */
export interface FaultRule {
  readonly on: RequestMatch;
  /** Lets so many matching requests pass first: 1 (unless told) strikes the first, 3 the third. */
  readonly nth?: number;
  /** Strikes so many times; once unless told. `Infinity` is allowed. */
  readonly times?: number;
  readonly fault: Fault;
}

const watchFaults: ReadonlySet<Fault['do']> = new Set(['cut', 'stall', 'gone', 'splitFrames']);

export function isWatchFault(fault: Fault): fault is WatchFault {
  return watchFaults.has(fault.do);
}

/** Whether a request is meant. */
export function matches(match: RequestMatch, request: ApiRequest): boolean {
  const { verb, name, group, resource, subresource, namespace } = match;
  const verbs = verb === undefined ? undefined : [verb].flat();
  return (
    (verbs === undefined ? request.verb !== 'watch' : verbs.includes(request.verb)) &&
    same(group, request.group) &&
    same(resource, request.resource) &&
    same(subresource, request.subresource) &&
    same(namespace, request.namespace) &&
    (name instanceof RegExp ? name.test(request.name) : same(name, request.name))
  );
}

function same(wanted: string | undefined, found: string): boolean {
  return wanted === undefined || wanted === found;
}

/** A rule at work: how often it struck, and how to end it. */
export class ArmedFault {
  readonly rule: FaultRule;
  #seen = 0;
  #hits = 0;
  readonly #lifted = new AbortController();

  /** @throws {Error} for a watch fault on other verbs, or the reverse: it could never strike */
  constructor(rule: FaultRule) {
    const verbs = rule.on.verb === undefined ? [] : [rule.on.verb].flat();
    const onWatches = verbs.length > 0 && verbs.every((verb) => verb === 'watch');
    if (isWatchFault(rule.fault) && !onWatches)
      throw new Error(`the fault "${rule.fault.do}" needs on: { verb: 'watch' }`);
    this.rule = rule;
  }

  /** How often it has struck. */
  get hits(): number {
    return this.#hits;
  }

  /** Aborts when the fault is lifted. */
  get lifted(): AbortSignal {
    return this.#lifted.signal;
  }

  /** Ends the fault: nothing more is struck, and what it holds back goes on. */
  lift(): void {
    this.#lifted.abort();
  }

  /** Whether it strikes this request; counts it when it matches. */
  strikes(request: ApiRequest): boolean {
    if (this.lifted.aborted || !matches(this.rule.on, request)) return false;
    this.#seen += 1;
    const { nth = 1, times = 1 } = this.rule;
    if (this.#seen < nth || this.#hits >= times) return false;
    this.#hits += 1;
    return true;
  }
}
