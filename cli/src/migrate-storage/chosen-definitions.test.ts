import type { CustomResourceDefinition } from '@capstan/kube';
import { describe, expect, test } from 'vitest';
import { chosenDefinitions } from './chosen-definitions.ts';

const definition = (plural: string, group: string): CustomResourceDefinition => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.${group}` },
  spec: { group, names: { kind: plural, plural }, scope: 'Namespaced', versions: [] },
});

const installed = [
  definition('prismclusters', 'prism.io'),
  definition('prismpatterns', 'prism.io'),
  definition('issuers', 'cert-manager.io'),
];
const ours = new Set(['prism.io', 'streambus.io']);
const chosen = (...names: readonly string[]) =>
  chosenDefinitions(installed, names, ours).map(({ metadata }) => metadata.name);

describe('the definitions that are migrated', () => {
  test('are those of the operators here, unless some are named', () => {
    expect(chosen()).toEqual(['prismclusters.prism.io', 'prismpatterns.prism.io']);
  });

  test('are those that are named, whoever they belong to, each once', () => {
    expect(chosen('issuers.cert-manager.io', 'issuers.cert-manager.io')).toEqual(['issuers.cert-manager.io']);
  });

  test.each([
    ['prismcluster.prism.io', /^there is no .* prismcluster\.prism\.io: did you mean prismclusters\.prism\.io/],
    ['nothing', /^there is no .* nothing: kubectl get crds lists/],
  ])('are looked for by near names: %s', (name, message) => {
    expect(() => chosen(name)).toThrow(message);
  });

  test('are named where none of ours is installed', () => {
    expect(() => chosenDefinitions(installed, [], new Set(['druid.io']))).toThrow(/groups druid\.io\): name a/);
  });
});
