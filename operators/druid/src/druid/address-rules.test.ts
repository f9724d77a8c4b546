import { describe, expect, it } from 'vitest';
import { AddressRules } from './address-rules.ts';

const router = new URL('http://router.orders.svc:8888');

describe('the rules about addresses', () => {
  it.each([
    ...['127.0.0.1', '127.9.9.9', '0.0.0.0', '::1', '::', '::ffff:127.0.0.1', '::7f00:1', '64:ff9b::7f00:1'],
    ...[
      '169.254.169.254',
      'fe80::1',
      'fe80::1%eth0',
      '::ffff:169.254.169.254',
      '64:ff9b::a9fe:a9fe',
      '2002:a9fe:a9fe::1',
    ],
    ...['fd00:ec2::254', '100.100.100.200', '168.63.129.16', '224.0.0.1', '255.255.255.255', 'ff02::1'],
  ])('refuse %s', (address) => {
    expect(new AddressRules().refusalOf(router, address)).toContain('no address of a Druid');
  });

  it.each(['10.96.3.4', '192.168.1.1', '172.16.0.9', '8.8.8.8', 'fd12::8', '2001:db8::1'])('let %s be', (address) => {
    expect(new AddressRules().refusalOf(router, address)).toBeUndefined();
  });

  it('let loopback be where that is allowed, and nothing else with it', () => {
    const rules = new AddressRules({ allowed: ['127.0.0.0/8'] });
    expect(rules.refusalOf(router, '127.0.0.1')).toBeUndefined();
    expect(rules.refusalOf(router, '::ffff:127.0.0.1')).toBeUndefined();
    expect(rules.refusalOf(router, '169.254.169.254')).toContain('no address of a Druid');
  });

  it('refuse what the operator was told not to call, also where it is allowed', () => {
    const rules = new AddressRules({ allowed: ['10.0.0.0/8'], denied: ['10.1.0.0/16'] });
    expect(rules.refusalOf(router, '10.1.2.3')).toContain('told not to call');
    expect(rules.refusalOf(router, '10.2.2.3')).toBeUndefined();
  });

  it.each([
    ['https://10.96.0.1', 'https://anything.example', '10.96.0.1'],
    ['https://10.96.0.1:443', 'https://10.96.0.1', '10.96.0.1'],
    ['https://api.example:6443', 'https://api.example.:6443', '192.0.2.9'],
  ])('refuse the API server %s as %s', (apiServer, url, address) => {
    const rules = new AddressRules({ apiServer: () => apiServer, allowed: [address] });
    expect(rules.refusalOf(new URL(url), address)).toContain('is the API server');
  });

  it('let another port of the API server be', () => {
    const rules = new AddressRules({ apiServer: () => 'https://127.0.0.1:6443', allowed: ['127.0.0.1'] });
    expect(rules.refusalOf(new URL('https://127.0.0.1:8888'), '127.0.0.1')).toBeUndefined();
  });

  it.each(['10.0.0.0/40', 'localhost', '10.0.0.0/8/8', 'fd00::/-1'])('cannot be made of %j', (entry) => {
    expect(() => new AddressRules({ allowed: [entry] })).toThrow(RangeError);
  });
});
