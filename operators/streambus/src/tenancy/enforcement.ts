import type { StreamBusClusterSpec } from '../api/v1alpha1/stream-bus-cluster.ts';
import { protectionOf } from '../protection.ts';
import { effectiveQuotas, type Quotas, quotaNamesIn } from './quotas.ts';

/** Whether the brokers have a tenant API that the quotas were pushed to. */
export type TenantApi =
  | { readonly kind: 'Served' }
  /** Today's brokers. */
  | { readonly kind: 'Absent' }
  | { readonly kind: 'Unknown'; readonly why: string };

/** What of the multi-tenancy that a spec asks for is in force. */
export interface TenancyReport {
  /** Names of quotas and of parts of `isolation`. */
  readonly enforced: readonly string[];
  /** One sentence each. */
  readonly notEnforced: readonly string[];
}

/** What a proxy can hold a tenant to, by the name in its certificate. */
const byProxy: readonly (keyof Quotas)[] = ['maxConnections', 'maxBandwidthMBps'];

/** Says of every quota and every wish for isolation whether it is in force; `undefined` without multi-tenancy. Pure. */
export function tenancyReport(spec: StreamBusClusterSpec, api: TenantApi): TenancyReport | undefined {
  const quotas = effectiveQuotas(spec);
  if (quotas === undefined) return undefined;
  const names = quotaNamesIn(quotas);
  const obstacles = new Map<string, string | undefined>([
    ...names.map((name) => [name, quotaObstacle(name, spec, api)] as const),
    ...isolationObstacles(spec),
  ]);
  return {
    enforced: [...obstacles].filter(([, obstacle]) => obstacle === undefined).map(([name]) => name),
    notEnforced: [...obstacles].flatMap(([name, obstacle]) => (obstacle === undefined ? [] : [`${name}: ${obstacle}`])),
  };
}

function quotaObstacle(name: keyof Quotas, spec: StreamBusClusterSpec, api: TenantApi): string | undefined {
  if (name === 'maxPartitionsPerTopic') return 'brokers know only a limit of partitions in all';
  if (!byProxy.includes(name) || api.kind === 'Served') return apiObstacle(api);
  const { proxy } = protectionOf(spec);
  if (spec.multiTenancy?.isolation?.rateLimiting === false) return 'isolation.rateLimiting is false';
  if (proxy?.caSecret === undefined)
    return 'tenants are told apart by the certificates of their clients: ask for mtls in spec.security';
  const isTooOld = name === 'maxBandwidthMBps' && spec.security?.proxy.version === '2.6';
  return isTooOld ? 'HAProxy 2.6 has no bandwidth limits: use version 2.8 or later in spec.security.proxy' : undefined;
}

function apiObstacle(api: TenantApi): string | undefined {
  switch (api.kind) {
    case 'Served':
      return undefined;
    case 'Absent':
      return 'the brokers have no tenant API';
    case 'Unknown':
      return `it is not known whether the brokers have a tenant API (${api.why})`;
  }
}

function isolationObstacles(spec: StreamBusClusterSpec): readonly (readonly [string, string | undefined])[] {
  const { networkPolicies, resourceQuotas, rateLimiting, dedicatedNamespace, clientNamespaces } =
    spec.multiTenancy?.isolation ?? {};
  const { isFenced, proxy } = protectionOf(spec);
  const unfenced = isFenced ? undefined : 'there is no NetworkPolicy';
  const nameless = proxy?.caSecret === undefined ? 'tenants are told apart by certificates: ask for mtls' : undefined;
  const unclear =
    dedicatedNamespace === true
      ? undefined
      : 'a ResourceQuota counts what a whole namespace holds: say dedicatedNamespace if this one holds nothing else';
  return [
    ...(networkPolicies === true ? [['isolation.networkPolicies', unfenced] as const] : []),
    ...(clientNamespaces !== undefined ? [['isolation.clientNamespaces', unfenced] as const] : []),
    ...(rateLimiting === true ? [['isolation.rateLimiting', nameless] as const] : []),
    ...(resourceQuotas === true ? [['isolation.resourceQuotas', unclear] as const] : []),
  ];
}
