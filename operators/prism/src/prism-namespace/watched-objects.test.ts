import type { Pod } from '@capstan/kube';
import type { ResourceReader } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import type { PrismNamespace } from '../api/v1alpha2/prism-namespace.ts';
import { PrismPattern } from '../api/v1beta1/prism-pattern.ts';
import { aClusterWithPatterns, aNamespace, anAdminPod } from './a-namespace.fixture.ts';
import { adminSightOf } from './admin-sight.ts';
import {
  clusterIndex,
  clusterKeysOf,
  leanAdminPod,
  leanCluster,
  leanPattern,
  limitedIndex,
  limitedKeysOf,
  namespacesOfAdminPod,
  namespacesOfCluster,
  namespacesOfPattern,
  patternIndex,
  patternKeysOf,
} from './watched-objects.ts';

const all = [
  aNamespace('sales', { patterns: ['big', 'small'] }),
  aNamespace('bills', { cluster: 'other', patterns: ['small'] }),
  aNamespace('limited', { cluster: 'third', quota: { resources: { pods: 3 } } }),
];

const indexes: Readonly<Record<string, (namespace: PrismNamespace) => readonly string[]>> = {
  [clusterIndex]: clusterKeysOf,
  [patternIndex]: patternKeysOf,
  [limitedIndex]: limitedKeysOf,
};

const reader: ResourceReader<PrismNamespace> = {
  get: () => undefined,
  list: () => {
    throw new Error('going through all namespaces for each change takes time with their square');
  },
  byIndex: (index, value) => all.filter((each) => indexes[index]?.(each).includes(value)),
};

const names = (refs: readonly { readonly name: string }[]) => refs.map(({ name }) => name);

describe('what happens elsewhere', () => {
  it('to a cluster, or a pod of its prism-admin, concerns the namespaces in it, and to a cluster those with a quota beside it', () => {
    expect(names(namespacesOfCluster(aClusterWithPatterns(), reader))).toEqual(['sales', 'limited']);
    expect(names(namespacesOfAdminPod(anAdminPod('admin-0'), reader))).toEqual(['sales']);
  });

  it.each([
    ['those who name it', { name: 'big' }, ['sales']],
    ['all who name it', { name: 'small' }, ['sales', 'bills']],
    ['nobody else', { name: 'other' }, []],
    [
      'the one it was made for',
      { name: 'limited-big', labels: { 'prism.io/prism-namespace': 'limited' } },
      ['limited'],
    ],
  ])('to a pattern concerns %s', (_who, metadata, expected) => {
    const pattern = PrismPattern.withDefaults({
      metadata: { ...metadata, namespace: 'shop' },
      spec: { type: 'keyvalue' },
    });
    expect(names(namespacesOfPattern(pattern, reader))).toEqual(expected);
  });
});

describe('what is kept of an object', () => {
  it('of prism-admin is all that it is judged by', () => {
    const cluster = aClusterWithPatterns();
    const pod = anAdminPod('admin-0', { restarts: 3 });
    const kept: Pod = leanAdminPod({ ...pod, spec: { containers: [] } });
    const whole = { ...kept, metadata: { ...kept.metadata, uid: pod.metadata.uid ?? '' } };
    expect(kept).not.toHaveProperty('spec');
    expect(adminSightOf(cluster, [whole])).toEqual(adminSightOf(cluster, [pod]));
  });

  it('of a pattern that was made for a namespace is whether it runs, and of others not even that', () => {
    const said = (labels: Readonly<Record<string, string>>) => {
      const pattern = PrismPattern.withDefaults({ metadata: { name: 'big', labels }, spec: { type: 'keyvalue' } });
      const of = (type: string) => ({
        ...{ type, status: 'True' as const, reason: 'A', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' },
      });
      const status = { replicas: 3, conditions: ['Ready', 'Accepted', 'Stalled'].map(of) };
      return leanPattern({ ...pattern, status }).status?.conditions?.map(({ type }) => type);
    };
    expect([said({}), said({ 'prism.io/prism-namespace': 'a' })]).toEqual([undefined, ['Ready', 'Stalled']]);
  });

  it('of a cluster is its spec, and of its status only who prism-admin is', () => {
    const cluster = aClusterWithPatterns({}, { phase: 'Running', adminEpoch: 2, bootstrappedAdminReplicas: 3 });
    expect(leanCluster(cluster).status).toEqual({ adminEpoch: 2, bootstrappedAdminReplicas: 3 });
    expect(leanCluster(cluster).spec).toBe(cluster.spec);
  });
});
