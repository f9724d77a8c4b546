import { expect, test } from 'vitest';
import { UserError } from '../failure.ts';
import { documentsIn } from './documents.ts';

const object = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;

test('every document of a file is read, empty ones left out and lists taken apart', () => {
  const list = `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: A, metadata: {name: c}}\n`;
  const found = documentsIn('f.yaml', `${object('a')}---\n---\n${object('b')}---\n${list}`);
  expect(found.map(({ source, object: { metadata } }) => [source, metadata.name])).toEqual([
    ['f.yaml, document 1', 'a'],
    ['f.yaml, document 3', 'b'],
    ['f.yaml, document 4', 'c'],
  ]);
});

test.each([
  ['a: [', 'f.yaml is no YAML'],
  ['kind: A\nmetadata: {name: a}', 'f.yaml is no Kubernetes object: apiVersion is missing'],
  ['apiVersion: v1\nkind: A\nmetadata: {}', 'f.yaml: metadata.name is missing'],
])('%j is refused with a sentence that names the file', (content, message) => {
  expect(() => documentsIn('f.yaml', content)).toThrow(UserError);
  expect(() => documentsIn('f.yaml', content)).toThrow(message);
});
