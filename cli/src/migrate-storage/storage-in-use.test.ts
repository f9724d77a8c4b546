import { expect, test } from 'vitest';
import { storageVersionHash } from './storage-in-use.ts';

// As every API server tells them: kubectl get --raw /api/v1, /apis/apps/v1.
test.each([
  [{ group: '', version: 'v1', kind: 'Pod' }, 'xPOwRZ+Yhw8='],
  [{ group: 'apps', version: 'v1', kind: 'Deployment' }, '8aSe+NMegvE='],
])('a storage version is called as API servers call it: %j', (type, hash) => {
  expect(storageVersionHash(type)).toBe(hash);
});
