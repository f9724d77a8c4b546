import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Connection } from '../backends/connection.ts';
import { added, type Differences, differences, removed } from '../profiles/differences.fixture.ts';
import { profileOf, runnerProfile } from '../profiles/profiles.ts';
import { runnerConfig } from './runner-config.ts';
import { awkward, openConnection, someConnections } from './some-connections.fixture.ts';
import { type PatternInput, somePattern } from './some-pattern.fixture.ts';
import { usedConnections } from './used-connections.ts';
import { workingConfigurations } from './working-configurations.fixture.ts';

const redis = openConnection('redis', '127.0.0.1', 6379);
const nats = openConnection('nats', '127.0.0.1', 4222);

function configOf(input: PatternInput, connections: readonly Connection[]) {
  const { cluster, pattern } = somePattern(input);
  const { configuration } = runnerProfile(pattern, profileOf(cluster));
  if (configuration === undefined) throw new Error('this runner reads no file');
  return runnerConfig(configuration, pattern, usedConnections(pattern, connections));
}

/** What a runner finds in its file; a producer reads nothing but JSON. */
function contentOf(input: PatternInput, connections: readonly Connection[] = [redis, nats]): unknown {
  const { file, text } = configOf(input, connections);
  return file === 'config.json' ? JSON.parse(text) : parse(text);
}

const secured: Connection = { ...redis, port: 6380, secretName: 'redis', credentials: { password: 's3cr3t' } };

type Row = readonly [
  working: keyof typeof workingConfigurations,
  input: PatternInput,
  connections: readonly Connection[],
  intended: Differences,
];

/** The pattern that the resource would have to be for the working file, and what is meant to differ. */
const rows: readonly Row[] = [
  ['keyvalue', { name: 'kv', runner: 'keyvalue', backends: ['redis'] }, [redis], {}],
  [
    'keyvalueWithPassword',
    { name: 'kv', runner: 'keyvalue', backends: ['redis'] },
    [secured],
    {
      ...added('namespaces[kv].pattern_version', '0.1.0'),
      // The driver takes the scheme off again.
      'namespaces[kv].backend_config.address': ['redis://127.0.0.1:6380', '127.0.0.1:6380'],
      // For the resource to say.
      ...removed('namespaces[kv].backend_config.db', 2),
    },
  ],
  [
    'consumer',
    { name: 'orders-consumer', runner: 'consumer', backends: ['nats'] },
    [nats],
    {
      'namespaces[orders-consumer].behavior.consumer_group': ['g1', 'orders-consumer'],
      'namespaces[orders-consumer].behavior.topic': ['orders', 'orders-consumer'],
    },
  ],
  ['producer', { name: 'p', runner: 'producer', backends: ['nats'] }, [nats], {}],
  [
    'producerWithDeduplication',
    { name: 'p', runner: 'producer', backends: ['nats', 'redis'] },
    [redis, nats],
    // For the resource to say.
    removed('behavior', workingConfigurations.producerWithDeduplication.behavior),
  ],
  [
    'mailbox',
    { name: 'mb', runner: 'mailbox', backends: ['sqlite'] },
    [],
    { 'behavior.topic': ['orders', 'mb'], 'behavior.consumer_group': ['g', 'mb'] },
  ],
  ['multicastRegistry', { name: 'mc', runner: 'multicast-registry', backends: ['redis', 'nats'] }, [redis, nats], {}],
];

describe('the configuration of a runner', () => {
  it.each(rows)('differs from the working one of %s only where it is meant to', (working, input, from, intended) => {
    expect(differences(workingConfigurations[working], contentOf(input, from))).toEqual(intended);
  });

  it('becomes the very file of the trial by what the resource says', () => {
    const { behavior } = workingConfigurations.producerWithDeduplication;
    const pattern: PatternInput = { name: 'p', runner: 'producer', backends: ['nats', 'redis'], config: { behavior } };
    expect(contentOf(pattern)).toEqual(workingConfigurations.producerWithDeduplication);
  });

  it('is merged with what the resource says, in the one namespace that is read; null takes a field away', () => {
    const config = {
      behavior: { topic: 'orders', consumer_group: null, max_retries: 5 },
      slots: { x: [1, { y: {} }] },
    };
    expect(contentOf({ name: 'consumer', backends: ['nats'], config })).toEqual({
      namespaces: [
        {
          name: 'consumer',
          pattern: 'consumer',
          slots: { ...workingConfigurations.consumer.namespaces[0]?.slots, x: [1, { y: {} }] },
          behavior: { topic: 'orders', max_retries: 5 },
        },
      ],
    });
  });

  it('has credentials as they are, whatever characters are in them', () => {
    const keyvalue = contentOf({ name: 'keyvalue', backends: ['redis'] }, someConnections);
    expect(keyvalue).toMatchObject({
      namespaces: [{ backend_config: { address: 'orders-redis.shop.svc:6379', password: awkward } }],
    });
    const consumer = contentOf({ name: 'consumer', backends: ['nats'] }, someConnections);
    const found = (consumer as typeof workingConfigurations.consumer).namespaces[0]?.slots.message_source.config; // as tested above
    const url = new URL(found?.url ?? '');
    expect([url.host, decodeURIComponent(url.username), decodeURIComponent(url.password)]).toEqual([
      'orders-nats.shop.svc:4222',
      'na@ts',
      awkward,
    ]);
  });

  it('of a producer has neither a password nor a number of reconnects: it passes on the address alone', () => {
    expect(contentOf({ name: 'producer', backends: ['redis'] }, someConnections)).toEqual({
      name: 'producer',
      slots: { message_sink: { driver: 'redis', config: { address: 'orders-redis.shop.svc:6379' } } },
    });
  });

  it('of a keyvalue without a backend names its own memory', () => {
    expect(contentOf({ name: 'keyvalue' })).toMatchObject({ namespaces: [{ backend: 'memstore' }] });
  });

  it('of a runner that nobody knows has its backends by kind, in the keys that drivers read', () => {
    const backends: PatternInput['backends'] = ['redis', 'nats', 'postgres', 'minio', 'kafka', 'sqlite'];
    const content = contentOf({ name: 'claims', runner: 'claimcheck', backends }, someConnections);
    expect(content).toEqual({
      namespaces: [
        {
          name: 'claims',
          pattern: 'claimcheck',
          backends: {
            redis: { address: 'orders-redis.shop.svc:6379', password: awkward },
            nats: { url: expect.stringMatching(/^nats:\/\/.*@orders-nats\.shop\.svc:4222$/), max_reconnects: -1 },
            postgres: {
              database_url: expect.stringMatching(
                /^postgres:\/\/prism:.*@orders-postgres\.shop\.svc:5432\/prism\?sslmode=disable$/,
              ),
            },
            minio: {
              endpoint: 'orders-minio.shop.svc:9000',
              access_key_id: 'miniouser',
              secret_access_key: awkward,
              use_ssl: false,
              force_path_style: true,
            },
            kafka: { brokers: ['orders-kafka.shop.svc:9092'] },
            sqlite: { database_path: '/data/claims.db' },
          },
        },
      ],
    });
  });

  it('says that TLS is spoken where it is', () => {
    const tls = (['nats', 'postgres', 'minio'] as const).map((kind) => ({
      ...openConnection(kind, 'far.example', 1234),
      ...(kind === 'postgres' && { database: 'prism' }),
      tls: true,
    }));
    expect(contentOf({ name: 'other', backends: ['nats', 'postgres', 'minio'] }, tls)).toMatchObject({
      namespaces: [
        {
          backends: {
            nats: { url: 'tls://far.example:1234' },
            postgres: { database_url: 'postgres://far.example:1234/prism?sslmode=require' },
            minio: { endpoint: 'far.example:1234', use_ssl: true },
          },
        },
      ],
    });
  });

  it('knows nothing of backends that the pattern does not name', () => {
    expect(configOf({ name: 'consumer', backends: ['nats'] }, someConnections).text).not.toMatch(
      /redis|postgres|minio/,
    );
  });

  it('can be read back, whatever the resource says', () => {
    const config = fc.dictionary(
      fc.string().filter((key) => !['name', 'namespaces'].includes(key)),
      fc.jsonValue({ noUnicodeString: false }),
      { maxKeys: 5 },
    );
    fc.assert(
      fc.property(config, fc.constantFrom('keyvalue', 'producer'), (any, name) => {
        const entry = { ...(JSON.parse(JSON.stringify(any)) as PatternInput['config']) }; // as the API server hands it out
        const content = contentOf({ name, config: { extra: entry } }, []);
        const found = name === 'producer' ? content : (content as { namespaces: unknown[] }).namespaces[0]; // as tested above
        expect(found).toMatchObject({ extra: withoutNulls(entry) });
      }),
    );
  });
});

/** What a merge patch leaves of a value: null takes a field away, and is a value in lists. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const present = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(present.map(([key, field]) => [key, withoutNulls(field)]));
}
