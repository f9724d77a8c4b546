import { describe, expect, it } from 'vitest';
import { isLoopback, parseBindAddress } from './bind-address.ts';

describe('an address to listen on', () => {
  it.each([
    [':8080', { port: 8_080 }],
    ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
    ['localhost:8081', { host: 'localhost', port: 8_081 }],
    ['[::1]:9443', { host: '::1', port: 9_443 }],
  ])('is read from %s', (text, address) => {
    expect(parseBindAddress(text)).toEqual(address);
  });

  it.each(['', '8080', ':', 'localhost', '::1:8080', ':70000', 'http://x:1'])('is not read from "%s"', (text) => {
    expect(() => parseBindAddress(text)).toThrow(`"${text}" is no address to listen on: write host:port`);
  });
});

describe('a peer', () => {
  it.each(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'])('at %s is on this machine', (address) => {
    expect(isLoopback(address)).toBe(true);
  });

  it.each(['10.0.0.1', '::ffff:10.0.0.1', '2001:db8::1', '1.127.0.0', '127.0.0.6', undefined])(
    'at %s is not',
    (address) => {
      expect(isLoopback(address)).toBe(false);
    },
  );
});
