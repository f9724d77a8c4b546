import { fileURLToPath } from 'node:url';
import { readManifests } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { PrismNamespace } from './prism-namespace.ts';

const wanted = (spec: object, name = 'orders') => ({
  ...{ apiVersion: 'prism.io/v1alpha2', kind: 'PrismNamespace' },
  ...{ metadata: { name, namespace: 'prism' }, spec: { cluster: 'prism-local', ...spec } },
});

const pathsRefused = (spec: object, name?: string) =>
  PrismNamespace.validate(wanted(spec, name)).map(({ path }) => path);

describe('a PrismNamespace', () => {
  it('may be what the requirement shows', async () => {
    const file = fileURLToPath(new URL('../../../../../deploy/samples/prism/prism-namespace.yaml', import.meta.url));
    const [sample = {}] = await readManifests(file);
    expect([PrismNamespace.validate(sample), PrismNamespace.unknownFields(sample)]).toEqual([[], []]);
  });

  it('needs no more than a cluster', () => {
    expect(PrismNamespace.withDefaults(wanted({})).spec).toEqual({
      ...{ cluster: 'prism-local', patterns: [], isolation: 'none', dedicatedRunners: false },
    });
  });

  it.each([
    ['an isolation that nobody knows', { isolation: 'total' }, 'spec.isolation'],
    ['no sessions at all', { quota: { maxSessions: 0 } }, 'spec.quota.maxSessions'],
    ['limits of nothing', { quota: { resources: {} } }, 'spec.quota.resources'],
    ['a pattern without a name', { patterns: [''] }, 'spec.patterns[0]'],
    ['a cluster that cannot be one', { cluster: 'a/b' }, 'spec.cluster'],
  ])('is refused with %s', (_what, spec, path) => {
    expect(pathsRefused(spec)).toContain(path);
  });

  it.each(['Orders', '1st', 'a.b', 'a'.repeat(41)])('cannot have the name %s', (name) => {
    expect(pathsRefused({}, name)).toContain('metadata.name');
  });

  it('stays in its cluster', () => {
    const [before, after] = ['prism-local', 'another'].map((cluster) => wanted({ cluster }));
    expect(PrismNamespace.validate(after ?? {}, before).map(({ path }) => path)).toEqual(['spec.cluster']);
  });
});
