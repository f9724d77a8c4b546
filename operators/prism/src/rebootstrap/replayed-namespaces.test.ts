import { describe, expect, it } from 'vitest';
import { aCluster } from '../a-cluster.fixture.ts';
import { aPass } from '../a-pass.fixture.ts';
import {
  clusterOfNamespace,
  type DescribedNamespace,
  leanNamespace,
  replayedNamespaces,
} from './replayed-namespaces.ts';

function aNamespace(
  name: string,
  {
    cluster = 'orders',
    epoch,
    ...metadata
  }: { cluster?: string; epoch?: number } & Partial<DescribedNamespace['metadata']> = {},
): DescribedNamespace {
  return {
    ...{ apiVersion: 'prism.io/v1alpha2', kind: 'PrismNamespace' },
    metadata: { name, namespace: 'shop', ...metadata },
    spec: { cluster },
    ...(epoch !== undefined && { status: { admin: { epoch } } }),
  };
}

const since = '2026-01-01T00:00:00Z';
const standing = {
  ...{ bootstrapped: 3, adminEpoch: 2 },
  rebootstrap: { from: 1, to: 3, step: 'Replaying', since },
} as const;

describe('the namespaces that come back', () => {
  it('are those of this cluster, and are missing until they were created in its present epoch', () => {
    const objects = [
      aNamespace('new'),
      aNamespace('former', { epoch: 1 }),
      aNamespace('back', { epoch: 2 }),
      aNamespace('of-another', { cluster: 'others' }),
      aNamespace('going', { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    ];
    expect(replayedNamespaces(aCluster(), standing, aPass({ objects }).cache)).toEqual({
      names: ['back', 'former', 'new'],
      missing: ['former', 'new'],
    });
  });

  const stalled = (status: 'True' | 'False') => ({
    status: { conditions: [{ type: 'Stalled', status, reason: 'X', message: '', lastTransitionTime: since }] },
  });
  it.each([
    ['was there before', aNamespace('a', { creationTimestamp: since }), true],
    ['came after the step began', aNamespace('a', { creationTimestamp: '2026-01-01T00:00:01Z' }), false],
    ['is paused', aNamespace('a', { annotations: { 'prism.io/paused': 'true' } }), false],
    ['is not paused any more', aNamespace('a', { annotations: { 'prism.io/paused': 'false' } }), true],
    ['waits for a person', { ...aNamespace('a'), ...stalled('True') }, false],
    ['is on its way', { ...aNamespace('a'), ...stalled('False') }, true],
  ])('are waited for as far as they come by themselves: one that %s', (_which, namespace, isAwaited) => {
    const { cache } = aPass({ objects: [leanNamespace(namespace)] });
    expect(replayedNamespaces(aCluster(), standing, cache).missing).toEqual(isAwaited ? ['a'] : []);
  });

  it('are not waited for where prism-admin cannot be told of any', () => {
    const { cache } = aPass({ objects: [aNamespace('a')] });
    const alone = { ...standing, bootstrapped: 1 };
    const missing = (profile: 'memo035' | 'upstream') =>
      replayedNamespaces(aCluster({ spec: { profile } }), alone, cache).missing;
    expect([missing('memo035'), missing('upstream')]).toEqual([[], ['a']]);
  });

  it('concern the cluster that they name, and no other', () => {
    expect(clusterOfNamespace(aNamespace('a'))).toEqual([{ namespace: 'shop', name: 'orders' }]);
    const { spec: _none, ...unfinished } = aNamespace('a');
    expect(clusterOfNamespace(unfinished)).toEqual([]);
  });

  it('are kept with what is read here', () => {
    const whole = { ...aNamespace('a', { epoch: 0 }), metadata: { name: 'a', namespace: 'shop', labels: { a: 'b' } } };
    expect(leanNamespace(whole)).toEqual(aNamespace('a', { epoch: 0 }));
  });
});
