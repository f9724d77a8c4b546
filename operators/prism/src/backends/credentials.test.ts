import { randomBytes } from 'node:crypto';
import { desiredOf } from '@capstan/runtime';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { aClusterWith, someCredentials } from './a-cluster.fixture.ts';
import { backendKinds } from './backend-kind.ts';
import {
  credentialsProblem,
  credentialsSecret,
  credentialsSource,
  isDefaultCredentials,
  newCredentials,
} from './credentials.ts';

describe.each(backendKinds)('new credentials of %s', (kind) => {
  it('are good, and nobody knows them', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.uint8Array({ minLength: 24, maxLength: 24 })), (stream) => {
        const random = (bytes: number) => (stream.next().value ?? new Uint8Array(24)).slice(0, bytes);
        const made = newCredentials(kind, random);
        expect(credentialsProblem(kind, made)).toBeUndefined();
        expect(isDefaultCredentials(kind, made)).toBe(false);
      }),
    );
  });

  it('are other ones each time', () => {
    expect(newCredentials(kind, randomBytes)).not.toEqual(newCredentials(kind, randomBytes));
  });
});

test('a Kafka cluster id never starts with a dash, which its tools take for an option', () => {
  const { clusterId } = newCredentials('kafka', (bytes) => new Uint8Array(bytes).fill(0xfb));
  expect(clusterId).toMatch(/^A[A-Za-z0-9_-]{21}$/);
});

describe('a problem of credentials', () => {
  test.each(backendKinds)('of %s is a key that is missing', (kind) => {
    expect(credentialsProblem(kind, someCredentials[kind])).toBeUndefined();
    for (const key of Object.keys(someCredentials[kind])) {
      const { [key]: _, ...others } = someCredentials[kind];
      expect(credentialsProblem(kind, others)).toBe(`has no key ${key}, which ${kind} needs: add it`);
    }
  });

  test.each([
    ['redis', { password: '' }],
    ['redis', { password: 'a line\n' }],
    ['nats', { username: 'u\tv', password: 'p' }],
    ['postgres', { username: 'o"brien', password: 'p' }],
    ['postgres', { username: 'pg_admin', password: 'p' }],
    ['minio', { rootUser: 'ab', rootPassword: 'long enough' }],
    ['minio', { rootUser: 'abc', rootPassword: 'short' }],
    ['kafka', { clusterId: 'short' }],
  ] as const)('of %s is a value that its server does not take: %j', (kind, credentials) => {
    expect(credentialsProblem(kind, credentials)).toMatch(/^has a key [a-zA-Z]+ whose value must be /);
  });

  it('never shows a value', () => {
    fc.assert(
      fc.property(fc.constantFrom(...backendKinds), fc.string({ minLength: 6 }), (kind, text) => {
        const value = `${text}\u0000Xq7`;
        const keys = Object.keys(someCredentials[kind]);
        const problem = credentialsProblem(kind, Object.fromEntries(keys.map((key) => [key, value])));
        expect(problem).toMatch(/must be /);
        expect(problem).not.toContain('Xq7');
      }),
    );
  });

  it('is less for a server that runs elsewhere, which may have any rules', () => {
    expect(credentialsProblem('kafka', {}, 'External')).toBeUndefined();
    expect(credentialsProblem('minio', { rootUser: 'a', rootPassword: 'b' }, 'External')).toBeUndefined();
    expect(credentialsProblem('redis', {}, 'External')).toContain('password');
  });
});

test.each([
  ['minio', { rootUser: 'minioadmin', rootPassword: 'minioadmin' }, true],
  ['postgres', { username: 'prism', password: 'prism' }, true],
  ['postgres', { username: 'orders', password: 'orders' }, true],
  ['redis', { password: 'Changeme' }, true],
  ['redis', { password: 'bWF5IGJlIGFueXRoaW5n' }, false],
  ['nats', { username: 'prism', password: 'bWF5IGJlIGFueXRoaW5n' }, false],
  ['redis', {}, false],
  ['kafka', { clusterId: 'minioadmin' }, false],
] as const)('whether everybody knows what opens %s with %j: %s', (kind, credentials, expected) => {
  expect(isDefaultCredentials(kind, credentials)).toBe(expected);
});

describe('the source of credentials', () => {
  it.each([
    [{ redis: {} }, { kind: 'Generated', secretName: 'orders-redis-credentials' }],
    [{ redis: { existingSecret: 'mine' } }, { kind: 'Existing', secretName: 'mine' }],
    [{ redis: { auth: 'None' } }, { kind: 'None' }],
    [{ redis: { enabled: false } }, { kind: 'None' }],
    [{}, { kind: 'None' }],
    [{ redis: { external: { endpoint: 'r:1' } } }, { kind: 'None' }],
    [
      { redis: { external: { endpoint: 'r:1', secretRef: { name: 'theirs' } } } },
      { kind: 'External', secretName: 'theirs' },
    ],
  ] as const)('of redis in %j is %j', (backends, expected) => {
    expect(credentialsSource('redis', aClusterWith(backends))).toEqual(expected);
  });
});

test('a Kafka has a Secret with its id unless a ZooKeeper gives it one', () => {
  expect(credentialsSource('kafka', aClusterWith({ kafka: {} }))).toMatchObject({ kind: 'Generated' });
  expect(credentialsSource('kafka', aClusterWith({ kafka: { mode: 'ZooKeeper' } }))).toEqual({ kind: 'None' });
});

test('the Secret of generated credentials outlives the cluster unless data goes with it', () => {
  const made = credentialsSecret(aClusterWith({ redis: {} }), 'redis', someCredentials.redis);
  expect(made).toMatchObject({ retain: true });
  expect(desiredOf(made)).toMatchObject({
    kind: 'Secret',
    metadata: { name: 'orders-redis-credentials', namespace: 'shop' },
    data: { password: Buffer.from('redis-Xq7-password').toString('base64') },
  });
  const gone = aClusterWith({ redis: {} }, { deletionPolicy: 'Delete' });
  expect(credentialsSecret(gone, 'redis', someCredentials.redis)).toMatchObject({ retain: false });
});
