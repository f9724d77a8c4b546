import { expect, test } from 'vitest';
import { objectDiff } from './object-diff.ts';

const configMap = (data: object) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data });

const textOf = (...objects: Parameters<typeof objectDiff>) =>
  objectDiff(...objects).map(({ sign, text }) => `${sign}${text}`);

test('an object that comes or goes is shown whole', () => {
  const lines = ['apiVersion: v1', 'kind: ConfigMap', 'metadata:', '  name: a', 'data:', '  b: "1"'];
  expect(textOf(undefined, configMap({ b: '1' }))).toEqual(lines.map((line) => `+${line}`));
  expect(textOf(configMap({ b: '1' }), undefined)).toEqual(lines.map((line) => `-${line}`));
  expect(textOf(undefined, undefined)).toEqual([]);
});

test('of an object that changes, the lines that differ are shown with some around them', () => {
  const lines = ['@ -3,4 +3,4 @@', ' metadata:', '   name: a', ' data:', '-  c: "2"', '+  c: "3"'];
  expect(textOf(configMap({ c: '2' }), configMap({ c: '3' }))).toEqual(lines);
});

test('objects that differ in everything do not take for ever', () => {
  const many = (word: string) => Object.fromEntries(Array.from({ length: 30_000 }, (_, index) => [`k${index}`, word]));
  expect(textOf(configMap(many('a')), configMap(many('b')))).toEqual(['@ more than 2000 lines differ @@']);
});
