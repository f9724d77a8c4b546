import { Refused } from '../refused.ts';

/**
 * What every answer says to the browser: nothing from elsewhere is loaded, run, framed, sent or guessed.
 * https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Content-Security-Policy
 */
export const guardHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

/**
 * Makes sure that a browser on this machine was not led here under a name that somebody else owns (DNS rebinding).
 * @param host the header; a port is not compared, for a tunnel may have another one
 * @throws {Refused} 421
 */
export function checkLoopbackHost(host: string | undefined): void {
  if (host !== undefined && loopback.test(host)) return;
  throw new Refused(421, 'the console answers only as localhost, 127.0.0.1 or [::1]');
}

/** The bearer token of an `Authorization` header. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return /^Bearer +([A-Za-z0-9._~+/=-]+) *$/i.exec(authorization ?? '')?.[1];
}

/**
 * Makes sure that what is posted was meant for us: no form of another site can send this type.
 * @throws {Refused} 415
 */
export function checkManifestType(contentType: string | undefined): void {
  const [type = ''] = (contentType ?? '').split(';');
  if (['text/yaml', 'application/yaml', 'application/json'].includes(type.trim().toLowerCase())) return;
  throw new Refused(415, 'a manifest comes as text/yaml, application/yaml or application/json');
}

const dnsLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The namespace that a request is limited to, if any.
 * @throws {Refused} 400 when it cannot be the name of one
 */
export function namespaceIn(query: URLSearchParams): string | undefined {
  const namespace = query.get('namespace');
  if (namespace === null || namespace === '') return undefined;
  if (dnsLabel.test(namespace)) return namespace;
  throw new Refused(400, 'namespace: a name has lower-case letters, digits and -, 63 of them at most');
}

/** Whether an address to listen on is reached from this machine only. */
export function isLoopbackAddress(address: string): boolean {
  return address === 'localhost' || address === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address);
}
