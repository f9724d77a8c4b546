import { describe, expect, it } from 'vitest';
import { aCluster } from '../a-cluster.fixture.ts';
import { tenantsConfigMap } from './tenants-config-map.ts';

describe('the ConfigMap of tenants', () => {
  it('says what holds for everybody, and for each tenant that has its own', () => {
    const quotas = {
      defaults: { maxTopics: 100 },
      tenants: [{ tenantId: 'premium', quotas: { maxTopics: 500 } }],
    };
    const { metadata, data } = tenantsConfigMap(aCluster(), quotas);
    expect([metadata.name, JSON.parse(data?.['quotas.json'] ?? '')]).toEqual(['orders-tenants', quotas]);
  });
});
