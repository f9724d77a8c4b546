import { describe, expect, it } from 'vitest';
import type { AuditedRequest } from './audit-log.ts';
import { comparePermissions } from './permissions.ts';

const request = (verb: string, resource: string, rest: Partial<AuditedRequest> = {}): AuditedRequest => ({
  ...{
    verb,
    resource,
    user: 'operator',
    userAgent: 'operator',
    receivedAt: '2026-01-01T00:00:00.000000Z',
    group: '',
    subresource: '',
    namespace: 'ns',
    name: 'one',
    code: 200,
    uri: '/',
  },
  ...rest,
});

describe('granted and used permissions', () => {
  it('agree when every verb on every resource was used', () => {
    const rules = [
      { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'patch'] },
      { apiGroups: ['apps'], resources: ['statefulsets', 'statefulsets/status'], verbs: ['patch'] },
    ];
    const requests = [
      request('get', 'configmaps'),
      request('patch', 'configmaps'),
      request('patch', 'statefulsets', { group: 'apps' }),
      request('patch', 'statefulsets', { group: 'apps', subresource: 'status' }),
    ];
    expect(comparePermissions(rules, requests)).toEqual({ unused: [], forbidden: [] });
  });

  it('differ by what was never used, of another group or only in vain', () => {
    const rules = [{ apiGroups: ['apps'], resources: ['deployments', 'deployments/scale'], verbs: ['get', 'delete'] }];
    const requests = [
      request('get', 'deployments'),
      request('delete', 'deployments', { group: 'apps', code: 403 }),
      request('get', 'deployments', { group: 'apps', subresource: 'scale' }),
    ];
    expect(comparePermissions(rules, requests)).toEqual({
      unused: ['delete deployments.apps', 'delete deployments.apps/scale', 'get deployments.apps'],
      forbidden: ['delete deployments.apps'],
    });
  });

  it('know that an apply which creates needs two verbs', () => {
    const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'patch'] }];
    const applied = (code: number) => comparePermissions(rules, [request('patch', 'configmaps', { code })]).unused;
    expect([applied(201), applied(200)]).toEqual([[], ['create configmaps']]);
  });

  it('look at the names that a rule is limited to', () => {
    const rules = [{ apiGroups: [''], resources: ['secrets'], resourceNames: ['one', 'two'], verbs: ['get'] }];
    expect(comparePermissions(rules, [request('get', 'secrets')]).unused).toEqual(['get secrets "two"']);
  });
});
