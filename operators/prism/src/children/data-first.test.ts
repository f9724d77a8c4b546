import type { KubeObject, StatefulSet } from '@capstan/kube';
import { childName, desiredOf, type Plan, type StepObject } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { aCluster, aWorkload, unseen } from '../a-cluster.fixture.ts';
import type { Observed } from '../observe.ts';
import { dataFirst } from './data-first.ts';

type Policy = 'Retain' | 'Delete';

function aSet(whenDeleted: Policy, { generation = 1, observedGeneration = 1 } = {}): StatefulSet {
  const { metadata, spec, status } = aWorkload('StatefulSet', 'orders-redis') as StatefulSet; // that was asked for
  return {
    ...{ apiVersion: 'apps/v1', kind: 'StatefulSet' },
    metadata: { ...metadata, generation },
    spec: {
      ...{ selector: {}, template: { metadata: { labels: { is: 'live' } } }, ...spec },
      ...{ serviceName: 'orders-redis', persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled: 'Retain' } },
    },
    status: { replicas: 1, ...status, observedGeneration },
  };
}

const wantedSet = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'orders-redis' } };
const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'orders-prism-admin-data' } };
const plan: Plan = {
  steps: [
    { name: 'surroundings', objects: [] },
    { name: 'redis', objects: [wantedSet] },
    { name: 'prism-admin', objects: [claim] },
  ],
};

const planned = (deletionPolicy: Policy, observed: Partial<Observed>, of: Plan = plan) =>
  dataFirst(of, aCluster({ spec: { deletionPolicy } }), { ...unseen, ...observed });
const named = ({ steps }: Plan) =>
  steps.map(({ name, objects }) => [name, ...objects.map((each: StepObject) => childName(desiredOf(each)))].join(' '));
const kept = [
  'surroundings',
  'redis StatefulSet/orders-redis',
  'prism-admin PersistentVolumeClaim/orders-prism-admin-data',
];

describe('that volumes stay from now on', () => {
  it('comes ahead of every step that may be held, and changes nothing else of a StatefulSet', () => {
    const ahead = planned('Retain', { statefulSets: [aSet('Delete')] });
    expect(named(ahead)).toEqual(['data StatefulSet/orders-redis', 'surroundings', 'redis', kept[2]]);
    const [object] = ahead.steps[0]?.objects ?? [];
    const { spec } = aSet('Retain');
    expect(object && desiredOf(object)).toMatchObject({ metadata: { name: 'orders-redis' }, spec });
  });

  it('comes ahead for a StatefulSet that the plan does not name any more, which then goes a pass later', () => {
    const nothing = { steps: [] };
    expect(named(planned('Retain', { statefulSets: [aSet('Delete')] }, nothing))).toEqual([
      'data StatefulSet/orders-redis',
    ]);
    const isRetained = (set: StatefulSet) => planned('Retain', { statefulSets: [set] }, nothing).retained?.(set);
    const changed = { generation: 2, observedGeneration: 1 };
    expect([isRetained(aSet('Retain', changed)), isRetained(aSet('Retain'))]).toEqual([true, false]);
  });

  it('comes ahead for a claim that would go with the cluster', () => {
    const owner = {
      apiVersion: 'prism.io/v1alpha1',
      kind: 'PrismCluster',
      name: 'orders',
      uid: '2f6a',
      controller: true,
    };
    const live = (ownerReferences: NonNullable<KubeObject['metadata']['ownerReferences']>) => () => ({
      ...{ ...claim, metadata: { ...claim.metadata, ownerReferences } },
    });
    expect(named(planned('Retain', { live: live([owner]) }))).toEqual([
      ...['data PersistentVolumeClaim/orders-prism-admin-data', 'surroundings', kept[1], 'prism-admin'],
    ]);
    expect(named(planned('Retain', { live: live([]) }))).toEqual(kept);
  });

  it.each<[string, Policy, Policy]>([
    ['it does already', 'Retain', 'Retain'],
    ['it shall not', 'Delete', 'Delete'],
    ['it shall not any more, which may wait', 'Delete', 'Retain'],
  ])('is nothing ahead where %s', (_title, wanted, found) => {
    expect(named(planned(wanted, { statefulSets: [aSet(found)] }))).toEqual(kept);
  });
});
