import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aCluster } from '../a-cluster.fixture.ts';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { secretsNamedBy } from './named-secrets.ts';

describe('the Secrets that a cluster names', () => {
  it('are those of its backends, each once', () => {
    const cluster = aCluster({
      spec: {
        backends: {
          redis: { existingSecret: 'shared' },
          nats: { existingSecret: 'shared' },
          postgres: { external: { endpoint: 'db.example:5432', secretRef: { name: 'db' } } },
          minio: {},
        },
      },
    });
    expect(secretsNamedBy(cluster)).toEqual([{ name: 'shared' }, { name: 'db' }]);
  });

  it('are found in whatever is stored, or nothing is', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (spec, backends) => {
        for (const stored of [{ spec }, { spec: { backends } }, { spec: { backends: { redis: backends } } }])
          expect(() => secretsNamedBy(stored as unknown as PrismCluster)).not.toThrow(); // what is stored may be anything
      }),
    );
  });

  it('have names that Secrets can have', () => {
    const stored = { spec: { backends: { redis: { existingSecret: '../a' }, nats: { existingSecret: 7 } } } };
    expect(secretsNamedBy(stored as unknown as PrismCluster)).toEqual([]); // an older CRD may have let this in
  });
});
