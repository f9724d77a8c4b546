import type { Pod } from '@capstan/kube';
import type { ResourceReader } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import type { PrismNamespace } from '../api/v1alpha2/prism-namespace.ts';
import { PrismPattern } from '../api/v1beta1/prism-pattern.ts';
import { aClusterWithPatterns, aNamespace, anAdminPod } from './a-namespace.fixture.ts';
import { adminSightOf } from './admin-sight.ts';
import {
  clusterKeysOf,
  leanAdminPod,
  leanCluster,
  namespacesOfAdminPod,
  namespacesOfCluster,
  namespacesOfPattern,
} from './watched-objects.ts';

const all = [
  aNamespace('sales'),
  aNamespace('bills', { cluster: 'other' }),
  aNamespace('limited', { cluster: 'third', quota: { resources: { pods: 3 } } }),
];

const reader: ResourceReader<PrismNamespace> = {
  get: () => undefined,
  list: () => all,
  byIndex: (_index, value) => all.filter((each) => clusterKeysOf(each).includes(value)),
};

const names = (refs: readonly { readonly name: string }[]) => refs.map(({ name }) => name);

describe('what happens elsewhere', () => {
  it('to a cluster, or a pod of its prism-admin, concerns the namespaces in it, and to a cluster those with a quota beside it', () => {
    expect(names(namespacesOfCluster(aClusterWithPatterns(), reader))).toEqual(['sales', 'limited']);
    expect(names(namespacesOfAdminPod(anAdminPod('admin-0'), reader))).toEqual(['sales']);
  });

  it.each([
    [{ cluster: 'orders' }, ['sales']],
    [{}, ['sales', 'bills', 'limited']],
  ])('to a pattern %j concerns those who could use it', (spec, expected) => {
    const metadata = { name: 'big', namespace: 'shop' };
    const pattern = PrismPattern.withDefaults({ metadata, spec: { type: 'keyvalue', ...spec } });
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

  it('of a cluster is its spec, and of its status only who prism-admin is', () => {
    const cluster = aClusterWithPatterns({}, { phase: 'Running', adminEpoch: 2, bootstrappedAdminReplicas: 3 });
    expect(leanCluster(cluster).status).toEqual({ adminEpoch: 2, bootstrappedAdminReplicas: 3 });
    expect(leanCluster(cluster).spec).toBe(cluster.spec);
  });
});
