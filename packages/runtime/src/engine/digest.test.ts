import type { KubeObject } from '@capstan/kube';
import { expect, it } from 'vitest';
import { digestOf } from './digest.ts';
import { aDesired, aLive, entryOf, names, ownEntryWith } from './testing.fixture.ts';

const desired = aDesired({ data: { a: '1' } });
const own = ownEntryWith({ 'f:data': { 'f:a': {} } });
const digest = (live: KubeObject, mode: 'full' | 'metadata' = 'full') => digestOf(live, names, mode);

it('is the same whatever others write beside our fields', () => {
  const before = aLive(desired, [own]);
  const after = aLive(desired, [entryOf('other', { 'f:data': { 'f:b': {} } }), own], {
    data: { a: '1', b: '2' },
    status: { x: 1 },
  });
  expect(digest(after)).toEqual(digest(before));
});

it('is another one when our fields or their values are', () => {
  const before = digest(aLive(desired, [own]));
  expect(digest(aLive(desired, [ownEntryWith({})]))?.fieldsHash).not.toBe(before?.fieldsHash);
  expect(digest(aLive(desired, [own], { data: { a: '2' } }))?.projectionHash).not.toBe(before?.projectionHash);
});

it('trap 10: keeps the order of fields whose names are numbers', () => {
  const numbered = (fields: string) =>
    ownEntryWith({ 'f:data': JSON.parse(fields) as object as Record<string, never> });
  const hashOf = (fields: string) => digest(aLive(desired, [numbered(fields)]))?.fieldsHash;
  expect(hashOf('{"f:2":{},"f:1":{}}')).not.toBe(hashOf('{"f:1":{},"f:2":{}}'));
});

it('looks at no values in metadata mode, where there are none', () => {
  const live = aLive(desired, [own]);
  expect(digest(live, 'metadata')).toEqual(digest(aLive(desired, [own], { data: undefined }), 'metadata'));
});

it('knows whether the replicas are ours', () => {
  expect(digest(aLive(desired, [ownEntryWith({ 'f:spec': { 'f:replicas': {} } })]))?.ownsReplicas).toBe(true);
  expect(digest(aLive(desired, [own]))?.ownsReplicas).toBe(false);
});

it.each([
  ['somebody else applied it', [entryOf('other', {}, { operation: 'Apply' })]],
  ['we only updated it', [entryOf('me', {})]],
  ['we applied a subresource only', [entryOf('me', {}, { operation: 'Apply', subresource: 'status' })]],
  ['its records were wiped', []],
])('is none where we own nothing: %s', (_title, managedFields) => {
  expect(digest(aLive(desired, managedFields))).toBeUndefined();
});
