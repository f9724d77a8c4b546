import { PrismCluster } from '@capstan/prism-operator';
import { describe, expect, it } from 'vitest';
import { prismClusterNeeds } from './cluster-needs.ts';

function needsOf(spec: object) {
  const head = { apiVersion: 'prism.io/v1alpha1', kind: 'PrismCluster', metadata: { name: 'orders' } } as const;
  return prismClusterNeeds(PrismCluster.withDefaults({ ...head, spec }));
}

describe('what a Prism cluster needs', () => {
  it('is a default storage class where a volume names none', () => {
    expect(needsOf({}).usesDefaultStorageClass).toBe(true);
    expect(needsOf({ admin: { storage: { storageClassName: 'fast' } } })).toMatchObject({
      ...{ storageClasses: ['fast'], usesDefaultStorageClass: false },
    });
  });

  it('is the classes of its backends and patterns, of those that are enabled', () => {
    const spec = {
      admin: { storage: { storageClassName: 'fast' } },
      backends: { redis: { storageClassName: 'slow' }, minio: { enabled: false, storageClassName: 'none' } },
      patterns: [{ name: 'keyvalue', storage: { storageClassName: 'local' } }],
    };
    expect(needsOf(spec).storageClasses).toEqual(['fast', 'slow', 'local']);
  });
});
