import type { Deployment, KubeObject, ObjectMeta, StatefulSet } from '@capstan/kube';
import { describe, expect, test } from 'vitest';
import type { ResourcesSight } from '../seen-resources.ts';
import { everyInstallation, forbidden, seen, survey, surveyedAt, whole } from '../survey.fixture.ts';
import { checkResources } from './resources.ts';

const kind = everyInstallation.find(({ name }) => name === 'streambus')?.kinds[0]?.versions[0];
if (kind === undefined) throw new Error('StreamBus has a kind');
const finalizers = { own: ['own/one'], former: ['former/one'] };

function cluster(spec: object = {}, metadata: Partial<ObjectMeta> = {}, status?: object): KubeObject {
  const head = { apiVersion: 'streambus.io/v1alpha1', kind: 'StreamBusCluster' };
  const given = { spec, ...(status !== undefined && { status }) };
  return Object.assign({ ...head, metadata: { namespace: 'shop', name: 'orders', ...metadata } }, given);
}

function sight(objects: ResourcesSight['objects']): readonly ResourcesSight[] {
  if (kind === undefined) throw new Error('it is there, as was seen above');
  return [{ installation: 'streambus', kind, finalizers, objects }];
}

const findingsOf = (object: KubeObject) => checkResources(survey({ resources: sight(whole(object)) }));
const minutesAgo = (minutes: number) => new Date(surveyedAt - minutes * 60_000).toISOString();

test.each<[string, KubeObject, string, string]>([
  ['that ours takes', cluster(), 'ok', '1 looked at'],
  ['that ours refuses', cluster({ replicas: 51 }), 'problem', 'our definition refuses it: spec.replicas: '],
  ['with a field that ours does not know', cluster({ colour: 'red' }), 'warning', 'get lost: spec.colour'],
  ['with the status of an earlier operator', cluster({}, {}, { endpoints: 7, other: 1 }), 'ok', '1 looked at'],
  ['with our finalizer', cluster({}, { finalizers: ['own/one', 'foregroundDeletion'] }), 'ok', '1 looked at'],
  ['with the finalizer of an earlier operator', cluster({}, { finalizers: ['former/one'] }), 'note', 'ours takes off'],
  ['with the finalizer of a stranger', cluster({}, { finalizers: ['a.b/c'] }), 'warning', 'has a.b/c, which ours'],
  ['that is going', cluster({}, { deletionTimestamp: minutesAgo(4) }), 'ok', '1 looked at'],
  ['that does not go', cluster({}, { deletionTimestamp: minutesAgo(6) }), 'warning', 'is being deleted since'],
])('an object %s is told', (_, object, level, says) => {
  expect(findingsOf(object)).toEqual([expect.objectContaining({ level, says: expect.stringContaining(says) })]);
});

describe('a workload with the name of a child', () => {
  const owner = (apiVersion: string, controller = true) => ({
    ownerReferences: [{ apiVersion, kind: 'Druid', name: 'd', uid: '1', controller }],
  });
  const release = { annotations: { 'meta.helm.sh/release-name': 'bus' } };
  const set = (metadata: Partial<ObjectMeta>): StatefulSet => ({
    ...{ apiVersion: 'apps/v1', kind: 'StatefulSet' },
    metadata: { namespace: 'shop', name: 'orders', ...metadata },
  });

  test.each<[string, StatefulSet, string | undefined]>([
    ['and another controller is told', set(owner('druid.apache.org/v1')), 'belongs to Druid d'],
    ['and a longer name is told', set({ name: 'orders-eu', ...owner('druid.apache.org/v1') }), 'belongs to Druid d'],
    ['that belongs to a Helm release is told', set(release), 'belongs to the Helm release bus'],
    ['and our controller is fine', set(owner('streambus.io/v1alpha1')), undefined],
    ['and an owner that does not control it is fine', set(owner('druid.apache.org/v1', false)), undefined],
    ['and no owner is fine', set({}), undefined],
    ['in another namespace is fine', set({ namespace: 'bank', ...owner('druid.apache.org/v1') }), undefined],
    ['but for a letter is fine', set({ name: 'ordersx', ...owner('druid.apache.org/v1') }), undefined],
  ])('%s', (_, workload, says) => {
    const found = checkResources(survey({ resources: sight(whole(cluster())), statefulSets: whole(workload) }));
    expect(found).toEqual([
      expect.objectContaining(
        says === undefined ? { level: 'ok' } : { level: 'warning', says: expect.stringContaining(says) },
      ),
    ]);
  });

  test('may be a Deployment as well', () => {
    const metadata = { namespace: 'shop', name: 'orders', ...release };
    const deployment: Deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata };
    const found = checkResources(survey({ resources: sight(whole(cluster())), deployments: whole(deployment) }));
    expect(found).toEqual([expect.objectContaining({ says: expect.stringContaining('Deployment orders') })]);
  });
});

test('objects that may not be listed could not be looked at, and of many not all were', () => {
  expect(checkResources(survey({ resources: sight(forbidden) }))).toEqual([
    expect.objectContaining({ level: 'warning', where: 'streambusclusters.streambus.io' }),
  ]);
  expect(checkResources(survey({ resources: sight(seen({ items: [cluster()], isWhole: false })) }))).toEqual([
    expect.objectContaining({ level: 'warning', says: 'only the first 2,000 were looked at' }),
  ]);
});
