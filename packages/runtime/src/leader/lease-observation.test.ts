import type { Lease } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { LeaseObservation } from './lease-observation.ts';

function lease(holderIdentity: string, version: number, spec: Lease['spec'] = {}): Lease {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'operator', uid: 'u', resourceVersion: String(version) },
    spec: { holderIdentity, leaseDurationSeconds: 15, renewTime: `renewal ${version}`, ...spec },
  };
}

describe('what a process has seen of a lease', () => {
  it.each([
    ['is not there', undefined],
    ['was released', lease('', 1)],
    ['is its own from before', lease('me', 1)],
  ])('lets it take one that %s at once', (_what, seen) => {
    const observation = new LeaseObservation('me', 15_000);
    observation.saw(seen, 100);
    expect(observation.freeAt).toBeLessThan(100);
  });

  it('counts the duration from the last change it saw, whatever time stands in the lease', () => {
    const observation = new LeaseObservation('me', 15_000);
    observation.saw(lease('other', 1, { renewTime: '1999-01-01T00:00:00.000000Z' }), 100);
    expect(observation.freeAt).toBe(15_100);
    observation.saw(lease('other', 2, { renewTime: '2099-01-01T00:00:00.000000Z' }), 2_100);
    expect(observation.freeAt).toBe(17_100);
  });

  it('takes an edit of annotations for no renewal, but keeps its version', () => {
    const observation = new LeaseObservation('me', 15_000);
    const first = lease('other', 1);
    observation.saw(first, 100);
    observation.saw({ ...first, metadata: { ...first.metadata, resourceVersion: '2' } }, 5_000);
    expect(observation.freeAt).toBe(15_100);
    expect(observation.lease?.metadata.resourceVersion).toBe('2');
  });

  it('ignores news that are older than what it knows, and longer numbers are newer', () => {
    const observation = new LeaseObservation('me', 15_000);
    observation.saw(lease('', 10), 100);
    observation.saw(lease('other', 9), 200);
    expect(observation.freeAt).toBeLessThan(100);
  });

  it('waits out the time of a holder whose lease was deleted', () => {
    const observation = new LeaseObservation('me', 15_000);
    observation.saw(lease('other', 1), 100);
    observation.saw(undefined, 1_000);
    expect(observation.freeAt).toBe(15_100);
    expect(observation.lease).toBeUndefined();
  });

  it.each([[{}], [{ leaseDurationSeconds: 0 }], [{ leaseDurationSeconds: -3 }]])(
    'uses its own duration where the lease tells %j',
    (spec) => {
      const observation = new LeaseObservation('me', 20_000);
      const { leaseDurationSeconds: _told, ...silent } = lease('other', 1).spec ?? {};
      observation.saw({ ...lease('other', 1), spec: { ...silent, ...spec } }, 100);
      expect(observation.freeAt).toBe(20_100);
    },
  );
});
