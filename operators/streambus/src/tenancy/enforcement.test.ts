import { describe, expect, it } from 'vitest';
import { aCluster, type SpecInput } from '../a-cluster.fixture.ts';
import { type TenantApi, tenancyReport } from './enforcement.ts';

const served: TenantApi = { kind: 'Served' };
const absentApi: TenantApi = { kind: 'Absent' };
const unknown: TenantApi = { kind: 'Unknown', why: 'orders-0: no answer within 2000 ms' };

const all = {
  ...{ maxTopics: 1, maxPartitionsPerTopic: 1, maxConnections: 1 },
  ...{ maxBandwidthMBps: 1, maxStorageGB: 1, maxMessagesPerSecond: 1 },
};
const tls = { enabled: true, certSecretName: 'tls', clientAuthRequired: true };
const plain: SpecInput = {};
const proxied: SpecInput = { security: { tls } };
const oldProxy: SpecInput = { security: { tls, proxy: { version: '2.6' } } };
const uncertified: SpecInput = { security: { tls: { enabled: true, certSecretName: 'tls' } } };

function enforced(spec: SpecInput, api: TenantApi, multiTenancy: SpecInput['multiTenancy'] = { defaultQuotas: all }) {
  const { spec: full } = aCluster({ spec: { ...spec, multiTenancy: { ...multiTenancy, enabled: true } } });
  return tenancyReport(full, api);
}

describe('what of the tenants is in force', () => {
  it('is no question where nobody shares the cluster', () => {
    expect(tenancyReport(aCluster().spec, served)).toBeUndefined();
  });

  const byApi = ['maxConnections', 'maxBandwidthMBps', 'maxMessagesPerSecond', 'maxStorageGB', 'maxTopics'].sort();
  it.each([
    ['what the tenant API takes', plain, served, byApi],
    ['nothing without it and without a proxy', plain, absentApi, []],
    [
      'connections and bandwidth behind a proxy that sees certificates',
      proxied,
      absentApi,
      ['maxBandwidthMBps', 'maxConnections'],
    ],
    ['connections alone behind an old proxy', oldProxy, absentApi, ['maxConnections']],
    ['nothing behind a proxy that sees none', uncertified, absentApi, []],
    ['what the proxy does, while nobody knows of the API', proxied, unknown, ['maxBandwidthMBps', 'maxConnections']],
  ] as const)('is %s', (_what, spec, api, names) => {
    expect(enforced(spec, api)?.enforced).toEqual(names);
  });

  it('is said of every quota that is not, with the reason', () => {
    expect(enforced(oldProxy, absentApi)?.notEnforced).toEqual([
      'maxBandwidthMBps: HAProxy 2.6 has no bandwidth limits: use version 2.8 or later in spec.security.proxy',
      'maxMessagesPerSecond: the brokers have no tenant API',
      'maxPartitionsPerTopic: brokers know only a limit of partitions in all',
      'maxStorageGB: the brokers have no tenant API',
      'maxTopics: the brokers have no tenant API',
    ]);
    expect(enforced(plain, unknown, { defaultQuotas: { maxTopics: 1, maxConnections: 1 } })?.notEnforced).toEqual([
      'maxConnections: tenants are told apart by the certificates of their clients: ask for mtls in spec.security',
      'maxTopics: it is not known whether the brokers have a tenant API (orders-0: no answer within 2000 ms)',
    ]);
  });

  it('is no limit of the proxy where rate limiting is switched off, and what the tenant API takes all the same', () => {
    const unlimited = { defaultQuotas: { maxConnections: 1, maxTopics: 1 }, isolation: { rateLimiting: false } };
    expect(enforced(proxied, absentApi, unlimited)).toEqual({
      enforced: [],
      notEnforced: ['maxConnections: isolation.rateLimiting is false', 'maxTopics: the brokers have no tenant API'],
    });
    expect(enforced(proxied, served, unlimited)).toEqual({
      enforced: ['maxConnections', 'maxTopics'],
      notEnforced: [],
    });
  });

  it('counts the quotas of single tenants', () => {
    const tenantOverrides = [{ tenantId: 'a', quotas: { maxTopics: 1 } }];
    expect(enforced(plain, served, { tenantOverrides })?.enforced).toEqual(['maxTopics']);
  });
});

describe('what of their isolation is in force', () => {
  const isolated = (isolation: NonNullable<NonNullable<SpecInput['multiTenancy']>['isolation']>, spec = plain) =>
    enforced(spec, absentApi, { isolation });

  it('is the fence, unless it is switched off', () => {
    expect(isolated({ networkPolicies: true })?.enforced).toEqual(['isolation.networkPolicies']);
    expect(
      isolated({ networkPolicies: true }, { security: { networkPolicy: { enabled: false } } })?.notEnforced,
    ).toEqual(['isolation.networkPolicies: there is no NetworkPolicy']);
  });

  it('is the quota of the namespace, where that is the cluster alone', () => {
    expect(isolated({ resourceQuotas: true, dedicatedNamespace: true })?.enforced).toEqual([
      'isolation.resourceQuotas',
    ]);
    expect(isolated({ resourceQuotas: true })?.notEnforced).toEqual([
      'isolation.resourceQuotas: a ResourceQuota counts what a whole namespace holds: say dedicatedNamespace if this one holds nothing else',
    ]);
  });

  it('is the choice of namespaces where there is a fence, whoever has asked for that', () => {
    const clientNamespaces = [{ team: 'shop' }];
    expect([isolated({ clientNamespaces }), isolated({ clientNamespaces }, proxied)]).toEqual([
      { enforced: [], notEnforced: ['isolation.clientNamespaces: there is no NetworkPolicy'] },
      { enforced: ['isolation.clientNamespaces'], notEnforced: [] },
    ]);
  });

  it('is rate limiting where the proxy can tell tenants apart', () => {
    const nameless = 'isolation.rateLimiting: tenants are told apart by certificates: ask for mtls';
    expect([isolated({ rateLimiting: true }, proxied), isolated({ rateLimiting: true }, uncertified)]).toEqual([
      { enforced: ['isolation.rateLimiting'], notEnforced: [] },
      { enforced: [], notEnforced: [nameless] },
    ]);
  });

  it('is nothing where nothing was asked for', () => {
    expect(isolated({ networkPolicies: false, resourceQuotas: false })).toEqual({ enforced: [], notEnforced: [] });
  });
});
