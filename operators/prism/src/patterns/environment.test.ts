import { describe, expect, it } from 'vitest';
import type { BackendKind } from '../backends/backend-kind.ts';
import type { Connection } from '../backends/connection.ts';
import { environmentOf, secretVariables, type Variable, variablesOf } from './environment.ts';
import { awkward, openConnection, someConnections } from './some-connections.fixture.ts';

const addresses = { adminUrl: 'http://admin:8981', proxyAddress: 'proxy:8980' };

function connectionsOf(kinds: readonly BackendKind[], connections = someConnections) {
  return Object.fromEntries(connections.filter(({ kind }) => kinds.includes(kind)).map((each) => [each.kind, each]));
}

function variables(kinds: readonly BackendKind[], connections: readonly Connection[] = someConnections) {
  return variablesOf(connectionsOf(kinds, connections), addresses);
}

const named = (list: readonly Variable[]) => Object.fromEntries(list.map(({ name, value }) => [name, value]));

describe('the variables of a runner', () => {
  const rows: readonly (readonly [BackendKind, readonly string[], readonly string[]])[] = [
    ['redis', [], ['REDIS_URL']],
    ['nats', [], ['NATS_URL']],
    ['postgres', [], ['DATABASE_URL']],
    ['minio', ['MINIO_URL', 'S3_ENDPOINT'], ['S3_ACCESS_KEY', 'S3_SECRET_KEY']],
    ['kafka', ['KAFKA_BROKERS'], []],
  ];
  it.each(rows)('say where %s is, and what tells a password is secret', (kind, open, secret) => {
    const made = variables([kind]);
    expect(made.filter(({ isSecret }) => !isSecret).map(({ name }) => name)).toEqual(['PRISM_ADMIN_URL', ...open]);
    expect(made.filter(({ isSecret }) => isSecret).map(({ name }) => name)).toEqual(secret);
  });

  it('are the URLs that clients understand', () => {
    expect(named(variables(['minio', 'kafka']))).toEqual({
      PRISM_ADMIN_URL: 'http://admin:8981',
      MINIO_URL: 'http://orders-minio.shop.svc:9000',
      S3_ENDPOINT: 'http://orders-minio.shop.svc:9000',
      S3_ACCESS_KEY: 'miniouser',
      S3_SECRET_KEY: awkward,
      KAFKA_BROKERS: 'orders-kafka.shop.svc:9092',
    });
  });

  it.each([
    ['REDIS_URL', 'redis', '', 'redis://orders-redis.shop.svc:6379'],
    ['NATS_URL', 'nats', 'na@ts', 'nats://orders-nats.shop.svc:4222'],
    ['DATABASE_URL', 'postgres', 'prism', 'postgres://orders-postgres.shop.svc:5432/prism?sslmode=disable'],
  ] as const)('have a %s from which user and password can be read back', (name, kind, user, bare) => {
    const url = new URL(named(variables([kind]))[name] ?? '');
    expect([url.username, url.password].map(decodeURIComponent)).toEqual([user, awkward]);
    url.username = '';
    url.password = '';
    expect(url.href).toBe(bare);
  });

  it('are no secret of a backend that lets everybody in', () => {
    const open = [
      openConnection('redis', 'far', 1),
      openConnection('nats', 'far', 2),
      openConnection('minio', 'far', 3),
    ];
    const made = variables(['redis', 'nats', 'minio'], open);
    expect(named(made)).toMatchObject({
      REDIS_URL: 'redis://far:1',
      NATS_URL: 'nats://far:2',
      MINIO_URL: 'http://far:3',
    });
    expect(secretVariables(made)).toEqual({});
  });

  it('have what the Kafka driver logs in with, for a Kafka that asks for it', () => {
    const far = { ...openConnection('kafka', 'far', 9092), credentials: { username: 'u', password: 'p' } };
    expect(secretVariables(variables(['kafka'], [far]))).toEqual({
      KAFKA_SASL_USERNAME: 'u',
      KAFKA_SASL_PASSWORD: 'p',
    });
  });

  it('reach the container as they are, or from the Secret that has them', () => {
    const made = variables(['minio']);
    const environment = environmentOf(made, 'a-secret');
    expect(environment).toContainEqual({ name: 'S3_ENDPOINT', value: 'http://orders-minio.shop.svc:9000' });
    expect(environment).toContainEqual({
      name: 'S3_SECRET_KEY',
      valueFrom: { secretKeyRef: { name: 'a-secret', key: 'S3_SECRET_KEY' } },
    });
    expect(JSON.stringify(environment)).not.toContain(JSON.stringify(awkward));
    expect(secretVariables(made)).toEqual({ S3_ACCESS_KEY: 'miniouser', S3_SECRET_KEY: awkward });
  });
});
