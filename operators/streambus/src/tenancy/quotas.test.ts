import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aCluster } from '../a-cluster.fixture.ts';
import { effectiveQuotas, type Quotas, quotaNamesIn } from './quotas.ts';

const defaults: Quotas = { maxTopics: 100, maxConnections: 1_000 };
const tenantOverrides = [
  { tenantId: 'premium', quotas: { maxConnections: 5_000, maxStorageGB: 7 } },
  { tenantId: 'plain', quotas: {} },
];

describe('the quotas of tenants', () => {
  it('are the defaults, but for what a tenant has of its own', () => {
    const { spec } = aCluster({ spec: { multiTenancy: { enabled: true, defaultQuotas: defaults, tenantOverrides } } });
    expect(effectiveQuotas(spec)).toEqual({
      defaults,
      tenants: [
        { tenantId: 'premium', quotas: { maxTopics: 100, maxConnections: 5_000, maxStorageGB: 7 } },
        { tenantId: 'plain', quotas: defaults },
      ],
    });
  });

  it('are none where nobody shares the cluster', () => {
    const given = { defaultQuotas: defaults, tenantOverrides };
    expect([
      effectiveQuotas(aCluster().spec),
      effectiveQuotas(aCluster({ spec: { multiTenancy: { enabled: false, ...given } } }).spec),
    ]).toEqual([undefined, undefined]);
  });

  it('have the names that somebody has, once each', () => {
    const { spec } = aCluster({ spec: { multiTenancy: { enabled: true, defaultQuotas: defaults, tenantOverrides } } });
    const quotas = effectiveQuotas(spec);
    expect(quotas && quotaNamesIn(quotas)).toEqual(['maxConnections', 'maxStorageGB', 'maxTopics']);
  });

  it('never take a default away, nor let it win over what a tenant has', () => {
    const quota = fc.integer({ min: 1, max: 9 });
    const some = fc.record({ maxTopics: quota, maxConnections: quota, maxStorageGB: quota }, { requiredKeys: [] });
    fc.assert(
      fc.property(some, some, (defaultQuotas, own) => {
        const multiTenancy = { enabled: true, defaultQuotas, tenantOverrides: [{ tenantId: 'a', quotas: own }] };
        const [tenant] = effectiveQuotas(aCluster({ spec: { multiTenancy } }).spec)?.tenants ?? [];
        for (const name of ['maxTopics', 'maxConnections', 'maxStorageGB'] as const)
          expect(tenant?.quotas[name]).toBe(own[name] ?? defaultQuotas[name]);
      }),
    );
  });
});
