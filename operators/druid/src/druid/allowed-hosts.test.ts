import { describe, expect, it } from 'vitest';
import { isAllowedHost } from './allowed-hosts.ts';

const url = (host: string) => new URL(`http://${host}:8081/`);

describe('a host', () => {
  it.each([
    ['overlord.orders.svc', 'overlord.orders.svc'],
    ['Overlord.orders.svc.', 'overlord.ORDERS.svc'],
    ['a.b.orders.svc', '*.orders.svc'],
    ['10.1.2.3', '10.0.0.0/8'],
    ['10.1.2.3', '10.1.2.3'],
    ['[fd00::7]', 'fd00::/8'],
    ['[::ffff:10.1.2.3]', '10.0.0.0/8'],
  ])('%s is allowed by %s', (host, entry) => {
    expect(isAllowedHost(url(host), ['nothing.else', entry])).toBe(true);
  });

  it.each([
    ['orders.svc', '*.orders.svc'],
    ['evil-orders.svc', '*.orders.svc'],
    ['overlord.orders.svc.evil.example', '*.orders.svc'],
    ['overlord.orders.svc.evil.example', 'overlord.orders.svc'],
    ['11.1.2.3', '10.0.0.0/8'],
    ['10.0.0.0.evil.example', '10.0.0.0/8'],
  ])('%s is not allowed by %s', (host, entry) => {
    expect(isAllowedHost(url(host), [entry])).toBe(false);
  });

  it.each(['*', 'a.*.svc', 'http://overlord', '10.0.0.0/33', '10.0.0.0/', 'a b', ''])('cannot be %j', (entry) => {
    expect(() => isAllowedHost(url('a'), [entry])).toThrow(RangeError);
  });
});
