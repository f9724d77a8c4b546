import type { KubeObject, StatefulSet } from '@capstan/kube';
import type { CacheReader } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { aCluster, aStatefulSet } from './a-cluster.fixture.ts';
import { observe } from './observe.ts';

const cluster = aCluster();

function ownedBy(uid: string): StatefulSet {
  const statefulSet = aStatefulSet(cluster);
  const owner = {
    apiVersion: 'streambus.io/v1alpha1',
    kind: 'StreamBusCluster',
    name: 'orders',
    uid,
    controller: true,
  };
  return { ...statefulSet, metadata: { ...statefulSet.metadata, ownerReferences: [owner] } };
}

function unlabelled(statefulSet: StatefulSet): StatefulSet {
  const { labels: _none, ...metadata } = statefulSet.metadata;
  return { ...statefulSet, metadata };
}

/** A cache that holds these objects. */
function cacheOf(...objects: readonly KubeObject[]): Pick<CacheReader, 'get'> {
  return {
    get: <O extends KubeObject>(type: { kind: string }, { namespace, name }: { namespace?: string; name: string }) =>
      objects.find(
        ({ kind, metadata }) => kind === type.kind && metadata.namespace === namespace && metadata.name === name,
      ) as O | undefined, // found by its kind
  };
}

describe('what a pass sees', () => {
  it('is the StatefulSet of the cluster', () => {
    const own = ownedBy(cluster.metadata.uid ?? '');
    expect(observe(cluster, cacheOf(own))).toEqual({ statefulSet: own });
  });

  it('is the StatefulSet that the operator made, when its cluster went and left it behind', () => {
    const orphan = aStatefulSet(cluster);
    expect(observe(cluster, cacheOf(orphan))).toEqual({ statefulSet: orphan });
  });

  it.each([
    ['of another cluster', [ownedBy('another')]],
    ['of nobody, which the operator did not make', [unlabelled(aStatefulSet(cluster))]],
    ['at all', []],
  ])('is no StatefulSet %s', (_whose, objects) => {
    expect(observe(cluster, cacheOf(...objects))).toEqual({ statefulSet: undefined });
  });
});
