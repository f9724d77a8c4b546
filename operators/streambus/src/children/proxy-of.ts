import { proxyReadyPort } from '../api/v1alpha1/config.ts';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import { protectionOf } from '../protection.ts';
import type { ClientPolicy, ProxySettings } from '../proxy/proxy-settings.ts';
import { effectiveQuotas, type Quotas } from '../tenancy/quotas.ts';

/** What the proxies of a cluster are to do; `undefined` where it has none. Pure. */
export function proxyOf({ spec }: StreamBusCluster): ProxySettings | undefined {
  const { proxy } = protectionOf(spec);
  if (proxy === undefined || spec.security === undefined) return undefined;
  const { port, maxConnections } = spec.config;
  return {
    version: spec.security.proxy.version,
    clientPort: port,
    readyPort: proxyReadyPort,
    ...(maxConnections !== undefined && { maxConnections }),
    clients: clientPolicy(spec),
  };
}

function clientPolicy(spec: StreamBusCluster['spec']): ClientPolicy {
  const { proxy } = protectionOf(spec);
  if (proxy?.caSecret === undefined) return { certificates: 'NotAsked' };
  const quotas = effectiveQuotas(spec);
  const isLimited = spec.multiTenancy?.isolation?.rateLimiting !== false;
  const tenants = quotas !== undefined &&
    isLimited && {
      defaults: limitsOf(quotas.defaults),
      overrides: quotas.tenants.map((tenant) => ({ name: tenant.tenantId, limits: limitsOf(tenant.quotas) })),
    };
  return {
    certificates: 'Required',
    ...(proxy.access !== undefined && { access: proxy.access }),
    ...(tenants !== false && { tenants }),
  };
}

function limitsOf({ maxConnections, maxBandwidthMBps }: Quotas) {
  return {
    ...(maxConnections !== undefined && { maxConnections }),
    ...(maxBandwidthMBps !== undefined && { maxBandwidthMBps }),
  };
}
