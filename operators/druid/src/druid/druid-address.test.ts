import { describe, expect, it } from 'vitest';
import { druidAddress } from './druid-address.ts';

describe('the address of a Druid', () => {
  it.each([
    ['http://a.example', 'http://A.example:80/'],
    ['https://a.example/druid', 'https://a.example.:443/druid//'],
    ['http://router.shop.svc:8088', 'http://router.shop.svc.cluster.local:8088/?x=1#y'],
    ['http://[::1]:80', 'http://[0:0:0:0:0:0:0:1]'],
  ])('is the same however it is written: %s, %s', (one, other) => {
    expect(druidAddress(one)).toBe(druidAddress(other));
  });

  it.each([
    ['http://a.example', 'https://a.example'],
    ['http://a.example', 'http://a.example:8080'],
    ['http://a.example/a', 'http://a.example/b'],
  ])('differs where another process may answer: %s, %s', (one, other) => {
    expect(druidAddress(one)).not.toBe(druidAddress(other));
  });

  it('is none of what is no URL', () => {
    expect(druidAddress('a.example')).toBeUndefined();
  });
});
