import { expect, test } from 'vitest';
import { addressIn } from './backend-address.ts';
import type { BackendKind } from './roles.ts';

test.each<[BackendKind, string, string | undefined]>([
  ['redis', 'redis://redis.shop.svc:6379', 'redis.shop.svc:6379'],
  ['redis', 'redis.shop', 'redis.shop:6379'],
  ['redis', 'rediss://user:p@ss/word@cache.example.com:6380/0', 'cache.example.com:6380 tls'],
  ['nats', 'nats://a:4222,nats://b:4222', 'a:4222 and more'],
  ['nats', 'tls://token@nats.example.com', 'nats.example.com:4222 tls'],
  ['postgres', 'postgres://prism:secret@db/orders?sslmode=require', 'db:5432 tls orders'],
  ['postgres', 'host=db password=secret', undefined],
  ['minio', 'https://s3.example.com', 's3.example.com:443 tls'],
  ['minio', 'http://minio:9000', 'minio:9000'],
  ['kafka', 'one:9092,two:9092', 'one:9092 and more'],
  ['kafka', '', undefined],
  ['kafka', '$(KAFKA_HOST):9092', undefined],
])('a %s at %s is %s', (kind, value, expected) => {
  const found = addressIn(kind, value);
  const text =
    found &&
    [
      `${found.host}:${found.port}`,
      ...(found.tls ? ['tls'] : []),
      ...(found.database === undefined ? [] : [found.database]),
      ...(found.isFirstOfSeveral ? ['and more'] : []),
    ].join(' ');
  expect(text).toBe(expected);
});
