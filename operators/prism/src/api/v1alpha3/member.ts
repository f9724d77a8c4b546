import { freeForm, Type, withDefault } from '@capstan/crd';

const addressPattern = '^([A-Za-z0-9]([-A-Za-z0-9.]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:]{2,39})$';

const prismCluster = Type.Object(
  {
    namespace: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 63,
        pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
        description: 'Its namespace there, which must exist; the one of the federation unless given.',
      }),
    ),
    name: Type.Optional(
      Type.String({
        maxLength: 40,
        pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$',
        description: 'Its name there; the one of the federation unless given.',
      }),
    ),
  },
  { description: 'Which PrismCluster of the remote cluster is meant.' },
);

const proxy = Type.Object(
  {
    address: Type.String({
      maxLength: 253,
      pattern: addressPattern,
      description:
        'Name or IP address under which the proxies of the cluster are reached from outside. DNS records point there.',
    }),
    port: withDefault(Type.Integer({ minimum: 1, maximum: 65_535, description: 'Port of the proxies.' }), 8_980),
  },
  {
    description:
      'Where its proxies are reached. If given, whether they take connections decides about failover, and the time that takes is the latency; the API server alone decides nothing then.',
  },
);

/** One cluster of a federation. */
export const member = Type.Object(
  {
    name: Type.String({
      maxLength: 63,
      pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
      description: 'Name of the cluster within the federation.',
    }),
    endpoint: Type.String({
      maxLength: 512,
      pattern: '^https://[^/@?#\\s]+(/[^@?#\\s]*)?$',
      description: 'Address of its API server: https, without user name, query and fragment.',
    }),
    credentialsSecret: Type.Optional(
      Type.Object(
        {
          name: Type.String({
            minLength: 1,
            maxLength: 253,
            pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$',
            description: 'Name of the Secret.',
          }),
        },
        {
          description:
            'Secret of the same namespace with the access to the cluster. Either the key kubeconfig, which may run no programs and read no files, or the keys token, server and, unless caBundle is given, ca.crt. The server it names must be the endpoint: what is in a Secret is sent to nobody it does not name.',
        },
      ),
    ),
    caBundle: Type.Optional(
      Type.String({
        maxLength: 65_536,
        description:
          'PEM certificates that its API server is verified by, where the Secret has none. The roots of the system unless one of them is given.',
      }),
    ),
    region: Type.Optional(
      Type.String({
        maxLength: 63,
        pattern: '^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$',
        description:
          'Where it is. Published with its route, and as a label of the PrismCluster that is propagated to it.',
      }),
    ),
    priority: withDefault(
      Type.Integer({
        minimum: 0,
        maximum: 1_000,
        description: 'Smaller is preferred: by the strategy priority, and among equally fast ones by latency-based.',
      }),
      100,
    ),
    weight: withDefault(
      Type.Integer({
        minimum: 0,
        maximum: 1_000,
        description: 'Its share beside others that have traffic. 0 takes it out of traffic, whatever the strategy.',
      }),
      100,
    ),
    proxy: Type.Optional(proxy),
    prismCluster: Type.Optional(prismCluster),
    overrides: Type.Optional(
      freeForm({
        description:
          'What differs in this cluster from the spec that is propagated: a JSON merge patch (RFC 7386), in which null removes.',
      }),
    ),
  },
  { description: 'A cluster that belongs to the federation.' },
);
