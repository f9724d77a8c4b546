import { AddressList } from './address-list.ts';

/**
 * Whether the host of a URL is one of `allowed`: a name, `*.` and the end of a name (`*.orders.svc`), an address, or a range of
 * addresses (`10.0.0.0/8`). Names are compared in lower case and without a dot at the end. Pure.
 * @throws {RangeError} for an entry that is none of these
 */
export function isAllowedHost(url: URL, allowed: readonly string[]): boolean {
  const host = hostOf(url);
  const names = allowed.filter((entry) => !AddressList.isEntry(entry));
  const addresses = new AddressList(allowed.filter(AddressList.isEntry));
  return addresses.has(host) || names.some((entry) => matches(host, entry));
}

/** The host of a URL as DNS would be asked for it: without the brackets of IPv6, without a dot at the end. */
export function hostOf(url: URL): string {
  return withoutLastDot(url.hostname.replace(/^\[|\]$/g, ''));
}

function matches(host: string, entry: string): boolean {
  const pattern = withoutLastDot(entry.toLowerCase());
  if (!/^(\*\.)?[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/.test(pattern)) {
    throw new RangeError(`${JSON.stringify(entry)} is no host: give a name, "*." and the end of one, or addresses`);
  }
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}

function withoutLastDot(name: string): string {
  return name.replace(/\.$/, '');
}
