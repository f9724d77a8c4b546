import { desiredOf } from '@capstan/runtime';
import { describe, expect, it, test } from 'vitest';
import { aClusterWith, someCredentials } from './a-cluster.fixture.ts';
import { backendDiscovery } from './backend-discovery.ts';
import { backendKinds, enabledBackends } from './backend-kind.ts';
import { connectionOf, urlOf } from './connection.ts';

const all = aClusterWith({ redis: {}, nats: {}, postgres: { database: 'shop' }, minio: {}, kafka: {} });

describe('the connection of a backend that runs here', () => {
  it.each([
    ['redis', 6379, 'orders-redis-credentials'],
    ['nats', 4222, 'orders-nats-credentials'],
    ['postgres', 5432, 'orders-postgres-credentials'],
    ['minio', 9000, 'orders-minio-credentials'],
  ] as const)('%s is its Service, with its login', (kind, port, secretName) => {
    expect(connectionOf(kind, all, someCredentials[kind])).toEqual({
      ...{ kind, host: `orders-${kind}.shop.svc`, port, secretName, credentials: someCredentials[kind] },
      ...(kind === 'postgres' && { database: 'shop' }),
      ...{ isExternal: false, tls: false },
    });
  });

  it('kafka has no login: what its Secret holds is not for clients', () => {
    expect(connectionOf('kafka', all, someCredentials.kafka)).toMatchObject({ secretName: undefined, credentials: {} });
  });

  it('redis has no login where nobody needs a password', () => {
    const open = aClusterWith({ redis: { auth: 'None' } });
    expect(connectionOf('redis', open, someCredentials.redis)).toMatchObject({
      secretName: undefined,
      credentials: {},
    });
  });
});

test('the connection of a server elsewhere is its endpoint, with the Secret named beside it', () => {
  const external = { endpoint: 'redis.example.org:6380', secretRef: { name: 'theirs' }, tls: true };
  const connection = connectionOf('redis', aClusterWith({ redis: { external } }), { password: 'p' });
  expect(connection).toEqual({
    ...{ kind: 'redis', host: 'redis.example.org', port: 6380, secretName: 'theirs', credentials: { password: 'p' } },
    ...{ isExternal: true, tls: true },
  });
});

test.each([
  ['redis', false, undefined, 'redis://db.example.org:1234'],
  ['redis', true, ':p', 'rediss://:p@db.example.org:1234'],
  ['nats', false, 'u:p', 'nats://u:p@db.example.org:1234'],
  ['nats', true, undefined, 'tls://db.example.org:1234'],
  ['postgres', false, 'u:p', 'postgres://u:p@db.example.org:1234/prism'],
  ['postgres', true, undefined, 'postgres://db.example.org:1234/prism?sslmode=require'],
  ['minio', false, undefined, 'http://db.example.org:1234'],
  ['minio', true, undefined, 'https://db.example.org:1234'],
  ['kafka', false, 'u:p', 'db.example.org:1234'],
] as const)('the address of %s (TLS: %s, login: %s) is %s', (kind, tls, login, expected) => {
  const external = { endpoint: 'db.example.org:1234', tls, secretRef: { name: 's' } };
  expect(urlOf(connectionOf(kind, aClusterWith({ [kind]: { external } }), {}), login)).toBe(expected);
});

test('the ConfigMap for service discovery has the address of every backend, and no login', () => {
  const connections = enabledBackends(all).map((kind) => connectionOf(kind, all, someCredentials[kind]));
  expect(connections.map(({ kind }) => kind)).toEqual([...backendKinds]);
  expect(desiredOf(backendDiscovery(all, connections))).toMatchObject({
    kind: 'ConfigMap',
    metadata: { name: 'orders-service-discovery', namespace: 'shop' },
    data: {
      REDIS_URL: 'redis://orders-redis.shop.svc:6379',
      NATS_URL: 'nats://orders-nats.shop.svc:4222',
      DATABASE_URL: 'postgres://orders-postgres.shop.svc:5432/shop',
      MINIO_URL: 'http://orders-minio.shop.svc:9000',
      S3_ENDPOINT: 'http://orders-minio.shop.svc:9000',
      KAFKA_BROKERS: 'orders-kafka.shop.svc:9092',
    },
  });
});
