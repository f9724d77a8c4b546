import { stringEnum, Type, withDefault } from '@capstan/crd';

const dns = Type.Object(
  {
    hostname: Type.String({
      maxLength: 253,
      pattern: '^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
      description: 'The name that clients ask for.',
    }),
    ttlSeconds: withDefault(
      Type.Integer({
        minimum: 1,
        maximum: 86_400,
        description:
          'Seconds that resolvers may keep an answer, and that clients go on to a cluster which failed at most.',
      }),
      60,
    ),
    records: withDefault(
      stringEnum(['Weighted', 'Simple'], {
        description:
          'Weighted: one record per cluster with its weight, which external-dns knows how to make at Route 53 only (aws/weight). Simple: one record with the addresses of all clusters that have traffic, at any provider; weights are not told, and names instead of addresses are possible for one cluster at a time only.',
      }),
      'Weighted',
    ),
  },
  { description: 'DNS records that follow the traffic, made by external-dns out of a DNSEndpoint.' },
);

/** Where the outcome is published besides the status and the ConfigMap. */
export const publication = Type.Object(
  { dns: Type.Optional(dns) },
  { description: 'Where weights are published besides the status and the ConfigMap <name>-routes.' },
);
