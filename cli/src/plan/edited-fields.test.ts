import { expect, test } from 'vitest';
import { editedFields } from './edited-fields.ts';

test('differing fields are named by their paths, lists as a whole', () => {
  const before = { spec: { a: 1, b: { c: 1 }, list: [1] } };
  expect(editedFields(before, { spec: { a: 1, b: { d: 1 }, list: [2] } })).toEqual([
    'spec.b.c',
    'spec.b.d',
    'spec.list',
  ]);
});

test('what the server, the operator and kubectl write is no edit', () => {
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}' };
  const before = { metadata: { resourceVersion: '1', annotations }, spec: {}, status: { ready: 1 } };
  expect(editedFields(before, { metadata: { resourceVersion: '2' }, spec: {}, status: {} })).toEqual([]);
});

test('labels and annotations are fields too', () => {
  const after = { metadata: { labels: { x: '1', a: 'b' } } };
  expect(editedFields({ metadata: { labels: { x: '1' } } }, after)).toEqual(['metadata.labels.a']);
});
