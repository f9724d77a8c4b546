import { listMap, Type, withDefault } from '@capstan/crd';

function quota(description: string) {
  return Type.Optional(Type.Integer({ minimum: 1, description }));
}

function quotas(description: string) {
  return Type.Object(
    {
      maxTopics: quota('Topics of the tenant.'),
      maxPartitionsPerTopic: quota('Partitions of one topic.'),
      maxConnections: quota('Connections open at the same time.'),
      maxBandwidthMBps: quota('Megabytes per second, in and out.'),
      maxStorageGB: quota('Gigabytes stored.'),
      maxMessagesPerSecond: quota('Messages produced per second.'),
    },
    { description },
  );
}

const isolation = Type.Object(
  {
    networkPolicies: Type.Optional(Type.Boolean({ description: 'Keep tenants apart on the network.' })),
    resourceQuotas: Type.Optional(
      Type.Boolean({ description: 'Hold tenants to their quotas of topics, partitions and storage.' }),
    ),
    rateLimiting: Type.Optional(Type.Boolean({ description: 'Hold tenants to their bandwidth and message rate.' })),
  },
  { description: 'What keeps tenants apart. Not enforced: see condition TenancyEnforced.' },
);

const tenantOverride = Type.Object(
  {
    tenantId: Type.String({ minLength: 1, maxLength: 253, description: 'The tenant.' }),
    quotas: withDefault(quotas('Quotas of this tenant; what is left out comes from defaultQuotas.'), {}),
  },
  { description: 'Quotas of one tenant.' },
);

/** Tenants that share a cluster. */
export const multiTenancy = Type.Optional(
  Type.Object(
    {
      enabled: withDefault(Type.Boolean({ description: 'Share the cluster between tenants.' }), false),
      isolation: Type.Optional(isolation),
      defaultQuotas: Type.Optional(quotas('Quotas of every tenant that tenantOverrides does not name.')),
      tenantOverrides: Type.Optional(
        listMap(tenantOverride, ['tenantId'], { maxItems: 500, description: 'Quotas of single tenants.' }),
      ),
    },
    { description: "Tenants and their quotas. Today's broker enforces none of it: see condition TenancyEnforced." },
  ),
);
