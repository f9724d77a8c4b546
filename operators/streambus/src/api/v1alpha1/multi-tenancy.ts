import { listMap, stringMap, Type, withDefault } from '@capstan/crd';
import { notEmpty } from './scalars.ts';

function quota(description: string) {
  return Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000, description }));
}

const byBroker = 'Enforced per broker where clients show certificates.';
const byTenantApi = 'Pushed to the tenant API of brokers that have one.';

function quotas(description: string) {
  return Type.Object(
    {
      maxTopics: quota(`Topics of the tenant. ${byTenantApi}`),
      maxPartitionsPerTopic: quota(
        'Partitions of one topic. No broker has such a limit: see condition TenancyEnforced.',
      ),
      maxConnections: quota(`Connections open at the same time. ${byBroker}`),
      maxBandwidthMBps: quota(`Megabytes (1,048,576 bytes) per second, in and out each. ${byBroker}`),
      maxStorageGB: quota(`Gigabytes stored. ${byTenantApi}`),
      maxMessagesPerSecond: quota(`Messages produced per second. ${byTenantApi}`),
    },
    { description },
  );
}

const isolation = Type.Object(
  {
    networkPolicies: Type.Optional(
      Type.Boolean({
        description:
          'Fence the brokers by a NetworkPolicy: raft for each other only, administration for the operator and spec.security.networkPolicy.adminFrom, the client port for clientNamespaces.',
      }),
    ),
    resourceQuotas: Type.Optional(
      Type.Boolean({
        description:
          'Hold tenants to their quotas of topics and storage, which only a broker with a tenant API can; with dedicatedNamespace, hold the cluster as a whole to what its spec needs.',
      }),
    ),
    rateLimiting: Type.Optional(
      Type.Boolean({
        description:
          'Hold tenants to their connections and bandwidth (where clients show certificates) and message rate.',
      }),
    ),
    dedicatedNamespace: Type.Optional(
      Type.Boolean({
        description:
          'The namespace holds nothing but this cluster. With resourceQuotas, a ResourceQuota then keeps it to the pods, claims and storage that the spec asks for.',
      }),
    ),
    clientNamespaces: Type.Optional(
      Type.Array(
        stringMap({
          maxProperties: 16,
          rules: [notEmpty],
          description: 'Labels that a namespace must have, all of them.',
        }),
        {
          minItems: 1,
          maxItems: 64,
          description:
            'Namespaces whose pods may reach the client port, by their labels; any of the entries will do. Every namespace unless given. Takes effect where there is a NetworkPolicy.',
        },
      ),
    ),
  },
  { description: 'What keeps tenants apart.' },
);

const tenantOverride = Type.Object(
  {
    tenantId: Type.String({
      minLength: 1,
      maxLength: 253,
      pattern: '^[A-Za-z0-9][A-Za-z0-9._@:-]*$',
      description: 'The tenant: the common name (CN) of the certificate its clients show.',
    }),
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
    {
      description:
        'Tenants and their quotas. What is merged of them is in the ConfigMap <name>-tenants; what is in force and what not, in condition TenancyEnforced.',
    },
  ),
);
