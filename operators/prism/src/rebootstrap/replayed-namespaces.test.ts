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
  { cluster = 'orders', epoch, ...metadata }: { cluster?: string; epoch?: number; deletionTimestamp?: string } = {},
): DescribedNamespace {
  return {
    ...{ apiVersion: 'prism.io/v1alpha2', kind: 'PrismNamespace' },
    metadata: { name, namespace: 'shop', ...metadata },
    spec: { cluster },
    ...(epoch !== undefined && { status: { admin: { epoch } } }),
  };
}

describe('the namespaces that come back', () => {
  it('are those of this cluster, and are missing until they were created in its present epoch', () => {
    const objects = [
      aNamespace('new'),
      aNamespace('former', { epoch: 1 }),
      aNamespace('back', { epoch: 2 }),
      aNamespace('of-another', { cluster: 'others' }),
      aNamespace('going', { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    ];
    expect(replayedNamespaces(aCluster(), 2, aPass({ objects }).cache)).toEqual({
      names: ['back', 'former', 'new'],
      missing: ['former', 'new'],
    });
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
