import type { StreamBusClusterSpec } from '../api/v1alpha1/stream-bus-cluster.ts';

type MultiTenancy = NonNullable<StreamBusClusterSpec['multiTenancy']>;

/** What one tenant may use; a quota that is absent is unlimited. */
export type Quotas = NonNullable<MultiTenancy['defaultQuotas']>;

/** The quotas of everybody: defaults, and tenants with quotas of their own, defaults filled in. */
export interface EffectiveQuotas {
  readonly defaults: Quotas;
  /** In the order of the spec. */
  readonly tenants: readonly { readonly tenantId: string; readonly quotas: Quotas }[];
}

/** Merges the overrides of a spec over its defaults; `undefined` without multi-tenancy. Pure. */
export function effectiveQuotas({ multiTenancy }: StreamBusClusterSpec): EffectiveQuotas | undefined {
  if (multiTenancy?.enabled !== true) return undefined;
  const { defaultQuotas = {}, tenantOverrides = [] } = multiTenancy;
  return {
    defaults: defaultQuotas,
    tenants: tenantOverrides.map(({ tenantId, quotas }) => ({ tenantId, quotas: { ...defaultQuotas, ...quotas } })),
  };
}

/** The names of the quotas that somebody has. */
export function quotaNamesIn({ defaults, tenants }: EffectiveQuotas): readonly (keyof Quotas)[] {
  const all = [defaults, ...tenants.map(({ quotas }) => quotas)].flatMap((quotas) => Object.keys(quotas));
  return [...new Set(all)].sort() as (keyof Quotas)[]; // keys of objects of this very type
}
