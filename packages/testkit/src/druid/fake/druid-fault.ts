import type { FakeRequest } from './fake-request.ts';

/** What can happen to a request. */
export type DruidFault =
  /** It is taken and not answered until the fault is lifted; then it is carried out. */
  | { readonly do: 'stall' }
  /** It is carried out after so long. */
  | { readonly do: 'delay'; readonly ms: number }
  /** It never arrives, and its connection is reset. */
  | { readonly do: 'drop' }
  /** It is carried out, and the connection is reset before its answer. */
  | { readonly do: 'loseResponse' }
  /** 307 to the same path on another host, as an overlord answers that does not lead. */
  | { readonly do: 'redirect'; readonly to: string }
  /** 502 with a page of HTML, as the router answers while the overlord is starting. */
  | { readonly do: 'badGateway' }
  /** 503, as the router answers while no overlord leads. */
  | { readonly do: 'noLeader' }
  /** Any other answer; what was asked is not carried out. */
  | {
      readonly do: 'answer';
      readonly status: number;
      /** A text, or JSON. */
      readonly body?: unknown;
      /** `application/json` unless told. */
      readonly contentType?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** On a POST of a spec: 500, and the supervisor that ran is gone, as after a spec that fails when it starts. */
  | { readonly do: 'killSupervisor' }
  /** It is carried out, and its answer comes byte by byte with so long between them. */
  | { readonly do: 'slowBody'; readonly msPerByte: number }
  /** It is carried out, and its answer ends in the middle. */
  | { readonly do: 'cutBody' };

/** Which requests are meant; what is left out matches everything. */
export interface DruidMatch {
  readonly method?: string;
  /** The whole path without its query, or what it has to match. */
  readonly path?: string | RegExp;
}

/** A fault and when it strikes. */
export interface DruidFaultRule {
  readonly on?: DruidMatch;
  /** Lets so many matching requests pass first: 1 (unless told) strikes the first, 3 the third. */
  readonly nth?: number;
  /** Strikes so many times; once unless told. `Infinity` is allowed. */
  readonly times?: number;
  readonly fault: DruidFault;
}

/** A rule at work: how often it struck, and how to end it. */
export class ArmedDruidFault {
  readonly rule: DruidFaultRule;
  readonly #lifted = new AbortController();
  #seen = 0;
  #hits = 0;

  constructor(rule: DruidFaultRule) {
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
  strikes(request: FakeRequest): boolean {
    if (this.lifted.aborted || !matches(this.rule.on ?? {}, request)) return false;
    this.#seen += 1;
    const { nth = 1, times = 1 } = this.rule;
    if (this.#seen < nth || this.#hits >= times) return false;
    this.#hits += 1;
    return true;
  }
}

function matches({ method, path }: DruidMatch, request: FakeRequest): boolean {
  const isPath = path instanceof RegExp ? path.test(request.path) : path === undefined || path === request.path;
  return isPath && (method === undefined || method === request.method);
}
