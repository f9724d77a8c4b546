import { BlockList, isIP } from 'node:net';

/** Variables such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the environment asks to reach `server` through, by the rules kubectl follows: `HTTPS_PROXY` for https,
 * `HTTP_PROXY` for http (upper case first, then lower case), never for localhost and loopback addresses, and not for what
 * `NO_PROXY` names (domains with their subdomains, `.domain` for subdomains only, addresses, CIDR ranges, each with an
 * optional port, or `*`).
 *
 * @returns an absolute URL, or `undefined` for a direct connection
 */
export function proxyFromEnvironment(server: URL, env: Environment): string | undefined {
  const setting = server.protocol === 'https:' ? first(env, 'HTTPS_PROXY') : first(env, 'HTTP_PROXY');
  const proxy = setting === undefined ? undefined : absolute(setting);
  if (proxy === undefined) return undefined;
  const host = server.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = server.port === '' ? (server.protocol === 'https:' ? '443' : '80') : server.port;
  if (host === 'localhost' || isLoopback(host)) return undefined;
  const exceptions = (first(env, 'NO_PROXY') ?? '').split(',').map((entry) => entry.trim().toLowerCase());
  return exceptions.some((entry) => covers(entry, host, port)) ? undefined : proxy;
}

function first(env: Environment, name: string): string | undefined {
  return env[name] || env[name.toLowerCase()] || undefined;
}

function absolute(setting: string): string | undefined {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(setting) ? setting : `http://${setting}`;
  return URL.canParse(url) ? url.replace(/\/+$/, '') : undefined;
}

function isLoopback(host: string): boolean {
  return host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function covers(entry: string, host: string, port: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  if (entry.includes('/')) return inRange(entry, host);
  const { name, port: onlyPort } = splitPort(entry);
  if (name === '' || (onlyPort !== undefined && onlyPort !== port)) return false;
  if (isIP(name) !== 0 || isIP(host) !== 0) return isSameAddress(name, host);
  const domain = name.startsWith('*.') ? name.slice(1) : name;
  return domain.startsWith('.') ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
}

function splitPort(entry: string): { name: string; port: string | undefined } {
  if (isIP(entry) === 6) return { name: entry, port: undefined };
  const match = /^(?:\[(?<six>[^\]]+)\]|(?<name>[^:]*))(?::(?<port>\d+))?$/.exec(entry);
  return { name: match?.groups?.['six'] ?? match?.groups?.['name'] ?? '', port: match?.groups?.['port'] };
}

function isSameAddress(a: string, b: string): boolean {
  if (isIP(a) === 0 || isIP(a) !== isIP(b)) return false;
  const list = new BlockList();
  list.addAddress(a, family(a));
  return list.check(b, family(b));
}

function inRange(range: string, host: string): boolean {
  const [address = '', length = ''] = range.split('/');
  const bits = Number(length);
  const isRange = isIP(address) !== 0 && /^\d+$/.test(length) && bits <= (isIP(address) === 4 ? 32 : 128);
  if (!isRange || isIP(address) !== isIP(host)) return false;
  const list = new BlockList();
  list.addSubnet(address, bits, family(address));
  return list.check(host, family(host));
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
