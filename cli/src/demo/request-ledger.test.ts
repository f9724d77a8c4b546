import type { AuditedRequest } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { RequestLedger, resourceOf } from './request-ledger.ts';

const resources = [
  { namespace: 'a', name: 'shop' },
  { namespace: 'a', name: 'shop-eu' },
  { namespace: 'b', name: 'shop' },
];

function request(changes: Partial<AuditedRequest>): AuditedRequest {
  return {
    verb: 'patch',
    user: 'operator',
    userAgent: 'streambus-operator',
    receivedAt: '2026-01-01T00:00:00.000000Z',
    group: '',
    resource: 'configmaps',
    subresource: '',
    namespace: 'a',
    name: 'shop',
    code: 200,
    uri: '/',
    ...changes,
  };
}

describe('a request of the operator', () => {
  it.each([
    ['the resource itself', { resource: 'streambusclusters', subresource: 'status' }, 'a/shop'],
    ['a child called like its resource', { resource: 'services' }, 'a/shop'],
    ['a child with a suffix', { name: 'shop-config' }, 'a/shop'],
    ['a child whose name starts with the names of two resources', { name: 'shop-eu-config' }, 'a/shop-eu'],
    ['a child in another namespace', { namespace: 'b', name: 'shop-config' }, 'b/shop'],
    ['an object that only starts alike', { name: 'shopping' }, undefined],
    ['an object of a foreign namespace', { namespace: 'c' }, undefined],
    ['a whole collection', { verb: 'watch', name: '' }, undefined],
    ['an event', { resource: 'events', name: 'shop-1a2b' }, undefined],
  ])('about %s', (_, changes, key) => {
    expect(resourceOf(request(changes), resources)).toBe(key);
  });

  it('adds to what its resource had before', () => {
    const ledger = new RequestLedger(resources);
    expect(ledger.add([request({}), request({ name: 'shop-eu' })])).toBe(true);
    expect(ledger.add([request({ name: 'shop-config' })])).toBe(true);
    expect(ledger.add([request({ namespace: 'c' })])).toBe(false);
    expect(resources.map(({ namespace, name }) => ledger.of(`${namespace}/${name}`))).toEqual([2, 1, 0]);
  });
});
