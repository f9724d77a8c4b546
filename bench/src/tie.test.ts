import type { ObjectMeta, ResourceType } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { tieOf } from './tie.ts';

const crate: ResourceType = { group: 'test.dev', version: 'v1', kind: 'Crate', plural: 'crates', namespaced: true };
const holder = { apiVersion: 'test.dev/v1', kind: 'Crate', name: 'one', uid: 'u1', controller: true };
const retained = { 'test.dev/retained-for': 'one' };

describe('the tie between an object and a resource', () => {
  const cases: readonly (readonly [string, Partial<ObjectMeta>, string | undefined])[] = [
    ['a child that goes with its resource', { ownerReferences: [holder] }, 'Owned'],
    ['a child that stays', { annotations: retained }, 'Retained'],
    [
      'a child whose mark of what is retained is older than its owner',
      { annotations: retained, ownerReferences: [holder] },
      'Owned',
    ],
    [
      'what a child made in turn',
      { ownerReferences: [{ ...holder, apiVersion: 'apps/v1', kind: 'StatefulSet' }] },
      undefined,
    ],
    ['what a resource is only mentioned in', { ownerReferences: [{ ...holder, controller: false }] }, undefined],
    ['what is retained for another kind', { annotations: { 'other.dev/retained-for': 'one' } }, undefined],
    ['an object of nobody', {}, undefined],
  ];

  it.each(cases)('of %s', (_title, metadata, tie) => {
    expect(tieOf({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'child', ...metadata } }, crate)).toBe(tie);
  });
});
