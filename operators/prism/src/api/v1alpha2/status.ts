import { k8s, Type } from '@capstan/crd';

const admin = Type.Object(
  {
    clusterUid: Type.Optional(
      Type.String({ maxLength: 64, description: 'UID of the cluster whose prism-admin it was.' }),
    ),
    epoch: Type.Integer({
      minimum: 0,
      description: 'status.adminEpoch of the cluster then: how often its prism-admin had been made anew without data.',
    }),
    incarnation: Type.String({
      maxLength: 64,
      description:
        'Which pods of prism-admin ran when it was last asked, and how often they had been restarted; a hash.',
    }),
    hash: Type.String({ maxLength: 64, description: 'Hash of what it was told of the namespace.' }),
    partition: Type.Integer({ description: 'Partition that it put the namespace into.' }),
    proxy: Type.String({ maxLength: 512, description: 'Id of the proxy that it gave the namespace to.' }),
    confirmation: Type.Optional(
      Type.String({
        maxLength: 64,
        description: 'ReadBack: it showed the namespace as it was told. Otherwise why it could not be read back.',
      }),
    ),
  },
  { description: 'What prism-admin has of the namespace, as it last said.' },
);

/** What the operator reports. Everything is optional, because a namespace without a cluster never has had any of it. */
export const status = Type.Object(
  {
    conditions: Type.Optional(k8s.conditions({ maxItems: 32, description: 'What is true of the namespace, and why.' })),
    observedGeneration: Type.Optional(
      Type.Integer({ description: 'Generation of the spec that was last carried out or refused.' }),
    ),
    admin: Type.Optional(admin),
  },
  { description: 'What the operator last saw and did.' },
);
