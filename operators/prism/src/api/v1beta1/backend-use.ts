import { listMap, stringEnum, Type, withDefault } from '@capstan/crd';

/** What redis can be told to do when its memory is full. */
const evictionPolicies = [
  'noeviction',
  'allkeys-lru',
  'allkeys-lfu',
  'allkeys-random',
  'volatile-lru',
  'volatile-lfu',
  'volatile-random',
  'volatile-ttl',
] as const;

const config = Type.Object(
  {
    maxConnections: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 65_535,
        description: 'Most connections that each pod opens to the backend.',
      }),
    ),
    evictionPolicy: Type.Optional(
      stringEnum(evictionPolicies, {
        description:
          'What redis does when its memory is full. A setting of the server, which all patterns share (condition BackendConfigApplied).',
      }),
    ),
    database: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 15, description: 'Number of the database of redis; 0 unless given.' }),
    ),
  },
  {
    description:
      'How the runner uses the backend. What its driver cannot do is told in condition BackendConfigApplied.',
  },
);

const backend = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 63,
      description:
        'redis, nats, postgres, minio or kafka, enabled in spec.backends of the cluster; sqlite, a file on the volume of the pattern; or memstore, the memory of each pod.',
    }),
    config: Type.Optional(config),
  },
  { description: 'A backend.' },
);

/** The backends that a pattern uses. */
export const backends = withDefault(
  listMap(backend, ['name'], { maxItems: 8, description: 'Backends that the runner uses.' }),
  [],
);
