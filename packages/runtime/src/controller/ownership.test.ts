import type { KubeObject, ObjectMeta, ResourceType } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import type { EngineNames } from '../engine/seal.ts';
import { ownedBody, ownershipProblem } from './ownership.ts';
import type { Resource } from './reconciler.ts';

const names: EngineNames = {
  fieldManager: 'us',
  sealAnnotation: 'test.dev/applied',
  liveAnnotation: 'test.dev/live',
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
  ])('held $held is judged $says', ({ by, says }) => {
    expect(ownershipProblem(child(by), owner, names)?.reason).toBe(says);
  });

  it('is waited for when the former owner is being collected, and left to the user otherwise', () => {
    const terminal = (by: Partial<ObjectMeta>) => ownershipProblem(child(by), owner, names)?.terminal;
    expect([terminal(controlledBy('Thing', 'thing', 'before')), terminal({})]).toEqual([false, true]);
  });
});

describe('a desired body', () => {
  it('gets the namespace of its owner and one controller reference to it', () => {
    const body = ownedBody({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'child' } }, owner, Thing);
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

  it('is refused for an owner that no server has given a UID', () => {
    const { uid: _none, ...metadata } = owner.metadata;
    expect(() => ownedBody(child({}), { ...owner, metadata }, Thing)).toThrow('Thing thing has no UID');
  });
});
