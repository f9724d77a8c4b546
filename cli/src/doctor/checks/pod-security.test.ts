import type { KubeObject } from '@capstan/kube';
import { expect, test } from 'vitest';
import { forbidden, seen, survey } from '../survey.fixture.ts';
import { checkPodSecurity } from './pod-security.ts';

function namespace(name: string, enforce?: string, parts: Partial<KubeObject['metadata']> = {}): KubeObject {
  const labels = enforce === undefined ? {} : { 'pod-security.kubernetes.io/enforce': enforce };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels, ...parts } };
}

test.each([
  ['restricted', namespace('shop', 'restricted'), 'ok'],
  ['baseline', namespace('shop', 'baseline'), 'note'],
  ['nothing', namespace('shop'), 'note'],
  ['nothing any more, for it is going', namespace('shop', 'restricted', { deletionTimestamp: 'now' }), 'problem'],
])('a namespace that enforces %s', (_, object, level) => {
  const found = checkPodSecurity(survey({ namespace: 'shop', namespaces: seen([object]) }));
  expect(found.filter(({ where }) => where === 'Namespace shop')).toEqual([expect.objectContaining({ level })]);
});

test('the namespace of an operator need not exist yet, that of resources must', () => {
  const found = checkPodSecurity(survey({ namespace: 'shop', operatorNamespace: 'ops' }));
  expect(found.map(({ where, level }) => [where, level])).toEqual([
    ['Namespace ops', 'ok'],
    ['Namespace shop', 'warning'],
  ]);
});

test('namespaces that may not be listed could not be looked at', () => {
  expect(checkPodSecurity(survey({ namespaces: forbidden }))).toEqual([expect.objectContaining({ level: 'warning' })]);
});
