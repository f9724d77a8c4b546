import type { AuditedRequest } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { electionRecord } from './terms.ts';

function request(at: number, who: string, resource: string, rest: Partial<AuditedRequest> = {}): AuditedRequest {
  const isLease = resource === 'leases';
  return {
    verb: isLease ? 'update' : 'patch',
    user: 'operator',
    userAgent: isLease ? `${who}/leader-election` : who,
    receivedAt: `2026-01-01T00:00:0${at}.000000Z`,
    group: '',
    resource,
    subresource: '',
    namespace: 'ns',
    name: 'one',
    code: 200,
    uri: '/',
    ...rest,
  };
}

describe('an election read from the audit log', () => {
  it('has a term for each leader, with its first write of work', () => {
    const { terms, strayWrites } = electionRecord([
      request(1, 'a', 'leases', { verb: 'create', code: 201 }),
      request(2, 'a', 'configmaps'),
      request(3, 'a', 'leases'),
      request(4, 'a', 'configmaps'),
      request(5, 'b', 'leases'),
      request(6, 'b', 'configmaps'),
    ]);
    expect(strayWrites).toEqual([]);
    expect(terms).toMatchObject([
      { leader: 'a', firstWorkAt: '2026-01-01T00:00:02.000000Z' },
      { leader: 'b', takenAt: '2026-01-01T00:00:05.000000Z', firstWorkAt: '2026-01-01T00:00:06.000000Z' },
    ]);
  });

  it.each([
    [
      'after another took the lease',
      [request(1, 'a', 'leases'), request(2, 'b', 'leases'), request(3, 'a', 'configmaps')],
    ],
    ['before it took the lease', [request(1, 'a', 'leases'), request(3, 'b', 'configmaps'), request(4, 'b', 'leases')]],
  ])('shows a write that came %s', (_when, requests) => {
    expect(electionRecord(requests).strayWrites).toMatchObject([{ resource: 'configmaps' }]);
  });

  it('goes by the time of arrival, and leaves out what was refused or only read', () => {
    const { terms, strayWrites } = electionRecord([
      request(4, 'b', 'leases'),
      request(1, 'a', 'leases'),
      request(2, 'b', 'leases', { code: 409 }),
      request(5, 'a', 'configmaps', { verb: 'get' }),
      request(6, 'a', 'configmaps', { code: 403 }),
      request(3, 'a', 'configmaps'),
    ]);
    expect(terms.map(({ leader }) => leader)).toEqual(['a', 'b']);
    expect(strayWrites).toEqual([]);
  });
});
