import type { Json } from './druid-api.ts';

/** One request of Druid's HTTP API. */
export interface DruidCall {
  /** What metrics call it, such as `submitSupervisor`: one of a few. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** The path, decoded, one piece each: they are encoded when the URL is built. */
  readonly segments: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: Json;
  /** The answer repeats what somebody has set, which may be long. */
  readonly repeats?: true;
  /** `Read` a question, `Write` a change, `Halt` a change that waits for a supervisor to come to a halt. */
  readonly pace: 'Read' | 'Write' | 'Halt';
}

/**
 * Where a call goes: the call's path below that of `base`, each piece encoded. `undefined` when a piece is empty, `.` or `..`:
 * no URL can hold such a name, and it would be read as another path.
 */
export function urlOf(base: URL, { segments, query = {} }: DruidCall): URL | undefined {
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) return undefined;
  const url = new URL(base.origin);
  url.pathname = [base.pathname.replace(/\/+$/, ''), ...segments.map(encodeURIComponent)].join('/');
  url.search = new URLSearchParams(query).toString();
  return url;
}
