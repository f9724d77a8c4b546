import type { KubeObject, StatefulSet, StorageClass } from '@capstan/kube';
import { describe, expect, test } from 'vitest';
import type { ResourcesSight } from '../seen-resources.ts';
import { everyInstallation, forbidden, seen, survey, whole } from '../survey.fixture.ts';
import { checkStorage } from './storage.ts';

function storageClass(name: string, isDefault = false, parts: Partial<StorageClass> = {}): StorageClass {
  const annotations = { 'storageclass.kubernetes.io/is-default-class': String(isDefault) };
  return {
    ...{ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name, annotations } },
    ...{ provisioner: 'example.com/disks', allowVolumeExpansion: true, volumeBindingMode: 'WaitForFirstConsumer' },
    ...parts,
  };
}

function clusters(...specs: readonly object[]): readonly ResourcesSight[] {
  const kind = everyInstallation[0]?.kinds[0]?.versions[0];
  if (kind === undefined) throw new Error('every operator has a kind');
  const items = specs.map((spec, index): KubeObject => {
    const metadata = { namespace: 'shop', name: `c${index}` };
    const head = { apiVersion: 'streambus.io/v1alpha1', kind: 'StreamBusCluster', metadata };
    return Object.assign(head, { spec });
  });
  return [{ installation: 'streambus', kind, finalizers: { own: [], former: [] }, objects: whole(...items) }];
}

function statefulSet(namespace: string, storageClassName?: string): StatefulSet {
  const claim = { metadata: { name: 'data' }, spec: storageClassName === undefined ? {} : { storageClassName } };
  return {
    ...{ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { namespace, name: 'orders' } },
    spec: {
      ...{ selector: {}, serviceName: 'orders', template: {} },
      volumeClaimTemplates: [claim],
    },
  };
}

test.each([
  ['no class at all', [], 'problem', 'there is no StorageClass'],
  ['no default', [storageClass('a')], 'warning', 'there is none: claims that name no class stay Pending'],
  ['two defaults', [storageClass('a', true), storageClass('b', true)], 'warning', 'there are several, a and b'],
])('%s is told', (_, classes, level, says) => {
  const found = checkStorage(survey({ classes: seen(classes) }));
  expect(found.filter(({ where }) => where === 'default StorageClass')).toEqual([
    expect.objectContaining({ level, says: expect.stringContaining(says) }),
  ]);
});

test('one default class whose volumes can grow and bind where the pod runs is fine', () => {
  expect(checkStorage(survey({ classes: seen([storageClass('a', true)]) })).map(({ level }) => level)).toEqual(['ok']);
});

test.each([
  ['volumes that cannot grow', { allowVolumeExpansion: false }],
  ['volumes that bind at once', { volumeBindingMode: 'Immediate' }],
] as const)('%s are a note where the class is used, and no word where it is not', (_, parts) => {
  const classes = seen([storageClass('a', true, parts), storageClass('b', false, parts)]);
  const levels = checkStorage(survey({ classes })).map(({ where, level }) => [where, level]);
  expect(levels).toEqual([
    ['StorageClass a', 'note'],
    ['StorageClass b', 'ok'],
  ]);
});

describe('a class that a resource names and that does not exist', () => {
  test.each([
    [{ storage: { class: 'gone' } }, 'spec.storage.class'],
    [{ admin: { storage: { storageClassName: 'gone' } } }, 'spec.admin.storage.storageClassName'],
    [{ patterns: [{}, { storage: { storageClassName: 'gone' } }] }, 'spec.patterns[1].storage.storageClassName'],
  ])('is told with its field: %j', (spec, path) => {
    const given = { classes: seen([storageClass('a', true)]), resources: clusters(spec) };
    expect(checkStorage(survey(given)).filter(({ level }) => level === 'problem')).toEqual([
      expect.objectContaining({
        where: 'StreamBusCluster shop/c0',
        says: `${path}: there is no StorageClass gone: its volumes stay Pending`,
      }),
    ]);
  });
});

describe('a StatefulSet', () => {
  const found = (set: StatefulSet, isDefault: boolean) =>
    checkStorage(
      survey({ classes: seen([storageClass('a', isDefault)]), resources: clusters({}), statefulSets: whole(set) }),
    ).filter(({ where }) => where.startsWith('StatefulSet'));

  test.each([
    ['without a class, where none is the default', statefulSet('shop'), false, 1],
    ['without a class, where one is the default', statefulSet('shop'), true, 0],
    ['of a class that does not exist', statefulSet('shop', 'gone'), true, 1],
    ['of a class that exists', statefulSet('shop', 'a'), true, 0],
    ['in a namespace without resources of ours', statefulSet('elsewhere', 'gone'), true, 0],
  ])('%s', (_, set, isDefault, count) => {
    expect(found(set, isDefault)).toHaveLength(count);
  });
});

test('classes that may not be listed could not be looked at', () => {
  expect(checkStorage(survey({ classes: forbidden }))).toEqual([
    expect.objectContaining({ level: 'warning', where: 'StorageClasses' }),
  ]);
});
