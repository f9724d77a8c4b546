import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** One request as the API server recorded it when it answered. */
export interface AuditedRequest {
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`. */
  readonly verb: string;
  readonly user: string;
  /** Of the program that asked. */
  readonly userAgent: string;
  /** When the server had the request, by its clock: RFC 3339 with microseconds. */
  readonly receivedAt: string;
  /** Empty for the core group and for non-resource URLs. */
  readonly group: string;
  /** The lower-case plural; empty for non-resource URLs. */
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** The HTTP status of the answer. */
  readonly code: number;
  readonly uri: string;
}

/** Which requests to look at; what is left out matches everything. */
export interface RequestFilter {
  readonly user?: string;
  readonly userAgent?: string;
  readonly namespace?: string;
  readonly resource?: string;
  /** Leave these resources out, such as `events` and `leases`. */
  readonly except?: readonly string[];
  readonly verbs?: readonly string[];
}

/** Requests that change something. */
export const writeVerbs: readonly string[] = ['create', 'update', 'patch', 'delete', 'deletecollection'];

const newline = 0x0a;

/** How much is read at a time in search of the end of a line, in bytes: few lines are longer. */
const tailBytes = 65_536;

/**
 * Reads what an API server was asked, from its audit log (JSON lines): the only honest count of an operator's requests.
 *
 * @example
 * ```ts
 * const audit = new AuditLog(path);
 * const start = audit.position();
 * await somethingHappens();
 * expect(audit.since(start, { user: 'system:serviceaccount:ns:operator', verbs: writeVerbs })).toEqual([]);
 * ```
 */
export class AuditLog {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * The end of the last whole line as it is now, in bytes: what comes later is `since` here. A request whose line is only half
   * written comes later.
   */
  position(): number {
    return withFile(this.#path, endOfLastLine);
  }

  /** Requests answered after the position that match the filter, oldest first. A half-written last line waits for the next call. */
  since(position: number, filter: RequestFilter = {}): readonly AuditedRequest[] {
    return this.follow(position, filter).requests;
  }

  /** What `since` gives, and the position to go on from: nothing is seen twice, and no half-written line is lost. */
  follow(
    position: number,
    filter: RequestFilter = {},
  ): { readonly requests: readonly AuditedRequest[]; readonly position: number } {
    const bytes = withFile(this.#path, (file) => readBytes(file, position, fstatSync(file).size));
    const complete = bytes.subarray(0, bytes.lastIndexOf(newline) + 1);
    const requests = complete
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map(parse)
      .filter((request) => request !== undefined)
      .filter((request) => matches(request, filter));
    return { requests, position: position + complete.length };
  }
}

/** `{ 'patch statefulsets': 1, 'patch streambusclusters/status': 2 }`: the requests by verb and resource, sorted. */
export function countByVerb(requests: readonly AuditedRequest[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { verb, resource, subresource } of requests) {
    const key = `${verb} ${resource}${subresource === '' ? '' : `/${subresource}`}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => a.localeCompare(b)));
}

function matches(
  request: AuditedRequest,
  { user, userAgent, namespace, resource, except = [], verbs }: RequestFilter,
): boolean {
  return (
    (user === undefined || request.user === user) &&
    (userAgent === undefined || request.userAgent === userAgent) &&
    (namespace === undefined || request.namespace === namespace) &&
    (resource === undefined || request.resource === resource) &&
    !except.includes(request.resource) &&
    (verbs === undefined || verbs.includes(request.verb))
  );
}

function withFile<T>(path: string, use: (file: number) => T): T {
  const file = openSync(path, 'r');
  try {
    return use(file);
  } finally {
    closeSync(file);
  }
}

/** Where the last whole line of a file ends, looked for from behind: audit logs are long. */
function endOfLastLine(file: number): number {
  for (let end = fstatSync(file).size; end > 0; end -= tailBytes) {
    const start = Math.max(0, end - tailBytes);
    const found = readBytes(file, start, end).lastIndexOf(newline);
    if (found >= 0) return start + found + 1;
  }
  return 0;
}

function readBytes(file: number, from: number, to: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, to - from));
  return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, from));
}

/** The parts of an `audit.k8s.io/v1` Event that we count by; other stages than the answer are left out. */
function parse(line: string): AuditedRequest | undefined {
  const event: {
    readonly stage?: string;
    readonly verb?: string;
    readonly requestURI?: string;
    readonly user?: { readonly username?: string };
    readonly userAgent?: string;
    readonly requestReceivedTimestamp?: string;
    readonly objectRef?: {
      readonly apiGroup?: string;
      readonly resource?: string;
      readonly subresource?: string;
      readonly namespace?: string;
      readonly name?: string;
    };
    readonly responseStatus?: { readonly code?: number };
  } = JSON.parse(line);
  if (event.stage !== 'ResponseComplete') return undefined;
  const { apiGroup: group = '', resource = '', subresource = '', namespace = '', name = '' } = event.objectRef ?? {};
  const { verb = '', requestURI: uri = '', userAgent = '', requestReceivedTimestamp: receivedAt = '' } = event;
  return {
    verb,
    user: event.user?.username ?? '',
    userAgent,
    receivedAt,
    group,
    resource,
    subresource,
    namespace,
    name,
    code: event.responseStatus?.code ?? 0,
    uri,
  };
}
