import { expect, test } from 'vitest';
import { CredentialGuard, isCredential } from './credentials.ts';

test.each([
  ['POSTGRES_PASSWORD', 'prism'],
  ['S3_ACCESS_KEY', 'minioadmin'],
  ['OIDC_CLIENT_SECRET', 'x'],
  ['nginx.ingress.kubernetes.io/auth-secret', 'basic'],
  ['REDIS_URL', 'redis://:x@redis:6379'],
  ['DSN', 'anything'],
  ['SETTINGS', '{"token": "x"}'],
  ['DATABASE', 'host=db password=x'],
])('%s=%s is taken for a login', (name, value) => {
  expect(isCredential(name, value)).toBe(true);
});

test.each([
  ['RUST_LOG', 'info'],
  ['PRISM_ADMIN_URL', 'http://prism-admin.prism.svc:8080'],
  ['REDIS_URL', 'redis://redis:6379'],
  ['TOPIC', 'keyvalue'],
  ['POSTGRES_PASSWORD', ''],
  ['MONKEY', 'banana'],
])('%s=%s is none', (name, value) => {
  expect(isCredential(name, value)).toBe(false);
});

test('a login that is known of one container is recognised under any name in another', () => {
  const guard = new CredentialGuard([{ name: 'minio', env: [{ name: 'MINIO_ROOT_PASSWORD', value: 'minioadmin' }] }]);
  expect(guard.withholdsVariable({ name: 'GREETING', value: 'hello minioadmin' })).toBe(true);
  expect(guard.withholdsVariable({ name: 'GREETING', value: 'hello' })).toBe(false);
});

test('a variable that only refers to its value may be written', () => {
  const valueFrom = { secretKeyRef: { name: 's3', key: 'password' } };
  expect(new CredentialGuard([]).withholdsVariable({ name: 'S3_PASSWORD', valueFrom })).toBe(false);
});
