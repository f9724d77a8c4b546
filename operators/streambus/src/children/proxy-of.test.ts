import { describe, expect, it } from 'vitest';
import { aCluster, type SpecInput } from '../a-cluster.fixture.ts';
import { proxyOf } from './proxy-of.ts';

const tls = { enabled: true, certSecretName: 'tls' };
const mutual = { ...tls, clientAuthRequired: true };
const multiTenancy = {
  enabled: true,
  defaultQuotas: { maxConnections: 10, maxTopics: 3 },
  tenantOverrides: [{ tenantId: 'premium', quotas: { maxBandwidthMBps: 5, maxStorageGB: 1 } }],
};
const of = (spec: SpecInput) => proxyOf(aCluster({ spec }));

describe('what the proxies of a cluster are to do', () => {
  it('is nothing where it has none', () => {
    expect([of({}), of({ security: { enabled: true } })]).toEqual([undefined, undefined]);
  });

  it('is to encrypt, at the port for clients and up to the connections given', () => {
    const config = { port: 7001, maxConnections: 50 };
    expect(of({ config, security: { tls, proxy: { version: '2.8' } } })).toEqual({
      ...{ version: '2.8', clientPort: 7001, readyPort: 8404, maxConnections: 50 },
      clients: { certificates: 'NotAsked' },
    });
  });

  it('is to hold tenants to what it can, of quotas with the defaults filled in', () => {
    const authorization = { enabled: true, allowedNames: ['premium'] };
    expect(of({ security: { tls: mutual, authorization }, multiTenancy })?.clients).toEqual({
      certificates: 'Required',
      access: { defaultPolicy: 'deny', names: ['premium'] },
      tenants: {
        defaults: { maxConnections: 10 },
        overrides: [{ name: 'premium', limits: { maxConnections: 10, maxBandwidthMBps: 5 } }],
      },
    });
  });

  it('is to let tenants have what they want where rate limiting is switched off', () => {
    const unlimited = { ...multiTenancy, isolation: { rateLimiting: false } };
    expect(of({ security: { tls: mutual }, multiTenancy: unlimited })?.clients).toEqual({ certificates: 'Required' });
  });

  it('is nothing about tenants whom it cannot tell apart', () => {
    expect(of({ security: { tls }, multiTenancy })?.clients).toEqual({ certificates: 'NotAsked' });
  });
});
