import type { ConfigMap, Draft } from '@capstan/kube';
import { configMap } from '@capstan/resources';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import type { EffectiveQuotas } from '../tenancy/quotas.ts';
import { childMetadata } from './labels.ts';
import { namesOf } from './names.ts';

/** The quotas as they come out of defaults and overrides, for whoever wants to know what holds for a tenant. */
export function tenantsConfigMap(cluster: StreamBusCluster, quotas: EffectiveQuotas): Draft<ConfigMap> {
  const text = `${JSON.stringify(quotas, undefined, 2)}\n`;
  return configMap(childMetadata(cluster, namesOf(cluster).tenants), { 'quotas.json': text });
}
