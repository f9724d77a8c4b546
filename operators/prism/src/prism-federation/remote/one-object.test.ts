import type { KubeObject } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { OneObject } from './one-object.ts';

const object = { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a' } };

describe('an object that is watched', () => {
  it('is known to be absent only when the snapshot is complete', () => {
    let changes = 0;
    const held = new OneObject<KubeObject>(() => {
      changes += 1;
    });
    held.restarted();
    expect(held.isSynced).toBe(false);
    held.synced();
    expect([held.isSynced, held.object, changes]).toEqual([true, undefined, 1]);
    held.applied(object);
    expect(held.object).toBe(object);
    held.deleted();
    expect([held.object, changes]).toEqual([undefined, 3]);
  });

  it('is gone when a later snapshot does not bring it, and stays until that is complete', () => {
    const held = new OneObject<KubeObject>(() => undefined);
    held.applied(object);
    held.synced();
    held.restarted();
    expect(held.object).toBe(object);
    held.synced();
    expect(held.object).toBeUndefined();
  });
});
