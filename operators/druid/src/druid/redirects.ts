import { isAllowedHost } from './allowed-hosts.ts';
import type { HttpAnswer } from './http-answer.ts';

/** Where an answer sends a request on to. */
export type Redirect =
  | { readonly kind: 'None' }
  /** The same method, body and credentials go there. */
  | { readonly kind: 'Follow'; readonly url: URL }
  | { readonly kind: 'Refused'; readonly message: string };

/** The redirects that keep method and body, which a Druid that does not lead sends. */
const followed = new Set([307, 308]);

/**
 * Decides where to send a request again after an answer from `from`: to the same host, or to one of `allowedHosts`, never from
 * HTTPS to HTTP. Other redirects than 307 and 308 are left to whoever reads the answer. Pure.
 */
export function redirectOf(from: URL, answer: HttpAnswer, allowedHosts: readonly string[]): Redirect {
  if (!followed.has(answer.status)) return { kind: 'None' };
  const url = URL.parse(answer.location ?? '', from.href);
  if (url === null || answer.location === undefined) return refused(`${from.origin} redirects to nowhere`);
  const way = `${from.origin} redirects to ${url.origin}`;
  if (!['http:', 'https:'].includes(url.protocol)) return refused(`${from.origin} redirects to ${url.protocol}`);
  if (url.username !== '' || url.password !== '') return refused(`${way} with credentials in the URL`);
  if (from.protocol === 'https:' && url.protocol === 'http:') return refused(`${way}, out of TLS: not followed`);
  if (url.hostname === from.hostname || isAllowedHost(url, allowedHosts)) return { kind: 'Follow', url };
  return refused(`${way}, a host this operator may not call: allow it by its flag, or name the router`);
}

function refused(message: string): Redirect {
  return { kind: 'Refused', message };
}
