import { k8s, rule, stringEnum, Type, type ValidationRule, withDefault } from '@capstan/crd';
import { imageFields, placementFields } from './component.ts';
import { secretName, storageClassName, volumeSize } from './scalars.ts';

const external = Type.Object(
  {
    endpoint: Type.String({
      maxLength: 259,
      pattern: '^[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?:[0-9]{1,5}$',
      description: 'Where it listens, host:port.',
    }),
    secretRef: Type.Optional(
      Type.Object(
        { name: secretName('Name of the Secret, in the namespace of the cluster.') },
        {
          description:
            'Secret with its credentials, under the keys a generated one has: password (redis); username and password (nats, postgres); rootUser and rootPassword (minio).',
        },
      ),
    ),
    tls: withDefault(Type.Boolean({ description: 'Whether it is spoken to over TLS.' }), false),
  },
  { description: 'A server that runs elsewhere: nothing is deployed, its address is passed on.' },
);

/** What every backend has. */
function commonFields(name: string) {
  return {
    enabled: withDefault(Type.Boolean({ description: `Whether there is a ${name}.` }), true),
    replicas: withDefault(Type.Integer({ minimum: 1, maximum: 9, description: 'Servers there are.' }), 1),
    storage: Type.Optional(
      volumeSize(
        'Size of the volume of one server. It may grow where the StorageClass allows expansion; it never shrinks.',
      ),
    ),
    storageClassName: Type.Optional(
      storageClassName(
        'StorageClass of the volumes; the default class unless given. Fixed once the cluster has started.',
      ),
    ),
    version: Type.Optional(
      Type.String({
        maxLength: 128,
        pattern: '^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$',
        description:
          'Tag of the official image. Unless given it is pinned, and stays what it was at the first start. latest is taken, and listed in condition UnpinnedVersions.',
      }),
    ),
    runAsUser: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 2_147_483_647,
        description: 'User and group that the image runs as. Those of the official image are known.',
      }),
    ),
    resources: Type.Optional(k8s.resourceRequirements({ description: 'Compute resources of each server.' })),
    existingSecret: Type.Optional(
      secretName('Secret with the credentials it starts with, in place of a generated one; under the same keys.'),
    ),
    external: Type.Optional(external),
    ...imageFields(name),
    ...placementFields(name),
  };
}

const eitherSecret = rule(
  '!(has(self.external) && has(self.existingSecret))',
  'is for a server that runs here: name the Secret of one elsewhere in external.secretRef',
  { fieldPath: '.existingSecret' },
);

const credentialsElsewhere = rule(
  '!has(self.external) || has(self.external.secretRef)',
  'needs secretRef: this server lets nobody in without credentials',
  { fieldPath: '.external', reason: 'FieldValueRequired' },
);

/** Refuses numbers of servers that would not be one store, of a backend that runs here. */
function replicasMustBe(allowed: string, otherwise: string): ValidationRule {
  return rule(`!self.enabled || has(self.external) || (${allowed})`, otherwise, { fieldPath: '.replicas' });
}

/** Several of them would be stores of their own behind one name: what is written to one is not found in the next. */
const single = (name: string) =>
  replicasMustBe(
    'self.replicas == 1',
    `must be 1: several ${name} servers would be independent stores behind one name, and what one has the others have not`,
  );

const quorum = (name: string) =>
  replicasMustBe(
    'self.replicas != 2',
    `must be 1, or 3 and more: with two ${name} servers the loss of either one stops both`,
  );

const redis = Type.Object(
  {
    ...commonFields('redis'),
    auth: withDefault(
      stringEnum(['Password', 'None'], {
        description:
          'Whether clients need the password. None: everybody whom the NetworkPolicy lets through is let in; the producer needs it with redis.',
      }),
      'Password',
    ),
  },
  { description: 'Redis.', rules: [eitherSecret, single('redis')] },
);

const nats = Type.Object(commonFields('nats'), { description: 'NATS.', rules: [eitherSecret, quorum('nats')] });

const postgres = Type.Object(
  {
    ...commonFields('postgres'),
    database: withDefault(
      Type.String({
        maxLength: 63,
        pattern: '^[a-z_][a-z0-9_]*$',
        description: 'Database that is made at the first start. Fixed once the cluster has started.',
      }),
      'prism',
    ),
  },
  { description: 'PostgreSQL.', rules: [eitherSecret, credentialsElsewhere, single('postgres')] },
);

const minio = Type.Object(commonFields('minio'), {
  description: 'MinIO.',
  rules: [eitherSecret, credentialsElsewhere, single('minio')],
});

const kafka = Type.Object(
  {
    ...commonFields('kafka'),
    mode: withDefault(
      stringEnum(['KRaft', 'ZooKeeper'], {
        description:
          'How the brokers agree. KRaft: among themselves. ZooKeeper: by a ZooKeeper beside them, which Kafka 4 no longer can. Fixed once the cluster has started.',
      }),
      'KRaft',
    ),
  },
  {
    description: 'Kafka.',
    rules: [
      eitherSecret,
      quorum('kafka'),
      rule(
        "self.mode == 'KRaft' || !has(self.version) || self.version.matches('^[0-3][.]')",
        'must be a version below 4, such as 3.7.0: Kafka 4 cannot work with ZooKeeper',
        { fieldPath: '.version' },
      ),
    ],
  },
);

/** The servers that patterns use. */
export const backends = withDefault(
  Type.Object(
    {
      redis: Type.Optional(redis),
      nats: Type.Optional(nats),
      postgres: Type.Optional(postgres),
      minio: Type.Optional(minio),
      kafka: Type.Optional(kafka),
    },
    {
      description:
        'Backing services. One that is disabled later goes; its volumes stay unless deletionPolicy is Delete.',
    },
  ),
  {},
);
