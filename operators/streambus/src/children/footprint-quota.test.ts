import { describe, expect, it } from 'vitest';
import { aCluster, type SpecInput } from '../a-cluster.fixture.ts';
import { asksForFootprintQuota, footprintQuota } from './footprint-quota.ts';

type Isolation = NonNullable<NonNullable<SpecInput['multiTenancy']>['isolation']>;

describe('the quota of a namespace', () => {
  const asks = (isolation: Isolation, enabled = true) =>
    asksForFootprintQuota(aCluster({ spec: { multiTenancy: { enabled, isolation } } }));

  it('is asked for where the namespace is the cluster alone and is to have one', () => {
    const both = { resourceQuotas: true, dedicatedNamespace: true };
    expect([asks(both), asks({ resourceQuotas: true }), asks({ dedicatedNamespace: true }), asks(both, false)]).toEqual(
      [...[true, false, false, false]],
    );
    expect(asksForFootprintQuota(aCluster())).toBe(false);
  });

  const hard = (spec: SpecInput, most: number) => footprintQuota(aCluster({ spec }), most).spec?.hard;

  it('is what the brokers need, and the claims of those that are gone', () => {
    expect(hard({ storage: { size: '1Gi', raftSize: '512Mi' } }, 5)).toEqual({
      ...{ pods: '5', persistentvolumeclaims: '10', 'requests.storage': `${5 * 1536 * 1024 ** 2}` },
    });
  });

  it('counts sizes however they are written', () => {
    expect(hard({ storage: { size: 1_000, raftSize: '1e3' } }, 2)?.['requests.storage']).toBe('4000');
    expect(hard({ storage: { size: '1Pi', raftSize: '1Pi' } }, 50)?.['requests.storage']).toBe(`${100n * 1024n ** 5n}`);
  });
});
