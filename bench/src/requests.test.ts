import type { AuditedRequest } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { countRequests } from './requests.ts';

function request(verb: string, resource: string, subresource = ''): AuditedRequest {
  const who = { user: 'operator', userAgent: 'streambus-operator', receivedAt: '2026-01-01T00:00:00.000000Z' };
  return { verb, ...who, group: '', resource, subresource, namespace: 'bench', name: 'one', code: 200, uri: '/' };
}

describe('counting requests', () => {
  it('keeps events and the lease apart and leaves watches out', () => {
    const counts = countRequests([
      request('watch', 'services'),
      request('list', 'services'),
      request('patch', 'services'),
      request('patch', 'streambusclusters', 'status'),
      request('create', 'events'),
      request('create', 'events'),
      request('update', 'leases'),
    ]);
    expect(counts).toEqual({
      total: 3,
      writes: 2,
      statusWrites: 1,
      events: 2,
      byVerb: {
        'create events': 2,
        'list services': 1,
        'patch services': 1,
        'patch streambusclusters/status': 1,
        'update leases': 1,
      },
    });
  });

  it('of a silent operator gives nothing', () => {
    expect(countRequests([])).toEqual({ total: 0, writes: 0, statusWrites: 0, events: 0, byVerb: {} });
  });
});
