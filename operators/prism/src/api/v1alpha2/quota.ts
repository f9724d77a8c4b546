import { quantity, Type } from '@capstan/crd';

const count = (description: string) => Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647, description }));

const amount = (of: string) => Type.Optional(quantity({ maxLength: 32, description: `The most ${of} together.` }));

const resources = Type.Object(
  {
    'requests.cpu': amount('CPU that all pods may request'),
    'requests.memory': amount('memory that all pods may request'),
    'limits.cpu': amount('CPU that the limits of all pods may add up to'),
    'limits.memory': amount('memory that the limits of all pods may add up to'),
    'requests.storage': amount('storage that all claims may request'),
    pods: Type.Optional(Type.Integer({ minimum: 0, description: 'The most pods there may be.' })),
    persistentvolumeclaims: Type.Optional(Type.Integer({ minimum: 0, description: 'The most claims there may be.' })),
  },
  {
    description:
      'Made a ResourceQuota of the Kubernetes namespace, which holds for everything in it, the cluster included; so only where spec.tenancy.allowResourceQuotas of the cluster is true and no other PrismNamespace or PrismCluster was there before. A pod that does not say how much it needs of what is limited is refused then.',
    minProperties: 1,
  },
);

/** What a namespace may use at most. */
export const quota = Type.Object(
  {
    maxSessions: count(
      'Sessions at once. prism-admin keeps the number with the namespace; no released Prism enforces it.',
    ),
    maxRequestsPerSecond: count(
      'Requests per second. prism-admin keeps the number with the namespace; no released Prism enforces it.',
    ),
    maxStorage: Type.Optional(
      quantity({
        maxLength: 32,
        description:
          'Data that is stored. prism-admin keeps the number with the namespace; no released Prism enforces it.',
      }),
    ),
    resources: Type.Optional(resources),
  },
  { description: 'What the namespace may use at most. The condition QuotaEnforced says what of it is enforced.' },
);
