import { ConfigMap, type KubeObject, type ObjectMeta, type ResourceType } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import type { EngineNames } from '../engine/seal.ts';
import { isAdoption, ownedBody, ownershipProblem } from './ownership.ts';
import type { Resource } from './reconciler.ts';

const names: EngineNames = {
  fieldManager: 'us',
  sealAnnotation: 'test.dev/applied',
  liveAnnotation: 'test.dev/live',
  adoptAnnotation: 'test.dev/adopt',
  retainAnnotation: 'test.dev/retained-for',
  exclusiveAnnotation: 'test.dev/exclusive',
  formerManagers: [],
};
const Thing: ResourceType = { group: 'test.dev', version: 'v1', kind: 'Thing', plural: 'things', namespaced: true };
const owner: Resource = {
  apiVersion: 'test.dev/v1',
  kind: 'Thing',
  metadata: { name: 'thing', namespace: 'ns', uid: 'now' },
  spec: {},
};

function child(metadata: Partial<ObjectMeta>): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'child', namespace: 'ns', ...metadata } };
}

const controlledBy = (kind: string, name: string, uid: string) => ({
  ownerReferences: [{ apiVersion: 'test.dev/v1', kind, name, uid, controller: true }],
});

describe('a name that a plan wants', () => {
  it.each([
    { held: 'by our own child', by: controlledBy('Thing', 'thing', 'now'), says: undefined },
    {
      held: 'by our child whose owner reference was removed',
      by: { annotations: { 'test.dev/applied': 'x' } },
      says: undefined,
    },
    { held: 'by an object without an owner', by: {}, says: 'ConflictingOwner' },
    { held: "by another resource's child", by: controlledBy('Thing', 'other', 'u'), says: 'ConflictingOwner' },
    {
      held: 'by a child of another kind of resource',
      by: controlledBy('Deployment', 'thing', 'u'),
      says: 'ConflictingOwner',
    },
    {
      held: 'by a child of a deleted resource of our name',
      by: controlledBy('Thing', 'thing', 'before'),
      says: 'AwaitingCollection',
    },
    {
      held: 'by an object whose annotation lets us take it over',
      by: { annotations: { 'test.dev/adopt': 'thing' } },
      says: undefined,
    },
    {
      held: 'by an object whose annotation names another resource',
      by: { annotations: { 'test.dev/adopt': 'other' } },
      says: 'ConflictingOwner',
    },
    {
      held: "by another resource's child, whatever its annotation says",
      by: { ...controlledBy('Thing', 'other', 'u'), annotations: { 'test.dev/adopt': 'thing' } },
      says: 'ConflictingOwner',
    },
    {
      held: 'by what was retained for a resource of our name',
      by: { annotations: { 'test.dev/applied': 'x', 'test.dev/retained-for': 'thing' } },
      says: undefined,
    },
    {
      held: 'by what was retained for another resource',
      by: { annotations: { 'test.dev/applied': 'x', 'test.dev/retained-for': 'other' } },
      says: 'ConflictingOwner',
    },
  ])('held $held is judged $says', ({ by, says }) => {
    expect(ownershipProblem(child(by), owner, ConfigMap, names)?.reason).toBe(says);
  });

  it('is waited for when the former owner is being collected, and left to the user otherwise', () => {
    const terminal = (by: Partial<ObjectMeta>) => ownershipProblem(child(by), owner, ConfigMap, names)?.terminal;
    expect([terminal(controlledBy('Thing', 'thing', 'before')), terminal({})]).toEqual([false, true]);
  });
});

describe('an object that is in the way', () => {
  it('may be handed over by the command that the message gives', () => {
    expect(ownershipProblem(child({}), owner, ConfigMap, names)?.message).toBe(
      'ConfigMap/child is left alone: it already exists and was not made for this resource. Rename this resource, ' +
        'remove the other object, or let this resource take it over: ' +
        'kubectl annotate configmaps child -n ns test.dev/adopt=thing',
    );
  });

  it('is adopted only where it is nobody’s', () => {
    const offered = { annotations: { 'test.dev/adopt': 'thing' } };
    const ours = { annotations: { ...offered.annotations, 'test.dev/applied': 'x' } };
    const judged = [offered, ours, { ...offered, ...controlledBy('Thing', 'thing', 'now') }];
    expect(judged.map((by) => isAdoption(child(by), owner, names))).toEqual([true, false, false]);
  });
});

const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'child' } };

describe('a desired body', () => {
  it('gets the namespace of its owner and one controller reference to it', () => {
    const body = ownedBody({ object: config }, owner, Thing, names);
    expect(body.metadata).toEqual({
      name: 'child',
      namespace: 'ns',
      ownerReferences: [
        {
          apiVersion: 'test.dev/v1',
          kind: 'Thing',
          name: 'thing',
          uid: 'now',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    });
  });

  it('that is to be retained has the name of its owner in an annotation, and no owner reference', () => {
    const retained = { name: 'child', namespace: 'ns', annotations: { 'test.dev/retained-for': 'thing' } };
    expect(ownedBody({ object: config, retain: true }, owner, Thing, names).metadata).toEqual(retained);
    const claim = { ...config, kind: 'PersistentVolumeClaim' };
    expect(ownedBody({ object: claim }, owner, Thing, names).metadata).toEqual(retained);
    expect(ownedBody({ object: claim, retain: false }, owner, Thing, names).metadata.ownerReferences).toHaveLength(1);
  });

  it('carries the lists that must hold nothing but its items', () => {
    const { annotations } = ownedBody({ object: config, exclusive: ['spec.ports'] }, owner, Thing, names).metadata;
    expect(annotations).toEqual({ 'test.dev/exclusive': 'spec.ports' });
  });

  it('is refused for an owner that no server has given a UID', () => {
    const { uid: _none, ...metadata } = owner.metadata;
    expect(() => ownedBody({ object: config }, { ...owner, metadata }, Thing, names)).toThrow('Thing thing has no UID');
  });

  it.each([
    { held: 'by nobody', by: {}, says: undefined },
    { held: "by another resource's child", by: controlledBy('Thing', 'other', 'u'), says: 'controlled by Thing/other' },
    { held: 'for another resource', by: { annotations: { 'test.dev/retained-for': 'b' } }, says: 'kept for Thing/b' },
    {
      held: 'by a Helm release',
      by: { annotations: { 'meta.helm.sh/release-name': 'shop' } },
      says: 'it belongs to the Helm release shop',
    },
    {
      held: 'by a Helm release, and offered by its annotation',
      by: { annotations: { 'meta.helm.sh/release-name': 'shop', 'test.dev/adopt': 'thing' } },
      says: undefined,
    },
  ])('that the resource itself names may be taken unless it is held; here $held', ({ by, says }) => {
    const problem = ownershipProblem(child(by), owner, ConfigMap, names, { adopt: true });
    expect(problem?.message).toEqual(says === undefined ? undefined : expect.stringContaining(says));
    expect(isAdoption(child({}), owner, names, { adopt: true })).toBe(true);
  });
});
