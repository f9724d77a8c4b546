import { describe, expect, test } from 'vitest';
import { originalStreamBusDefinition } from '../original-definition.fixture.ts';
import { installed, seen, survey } from '../survey.fixture.ts';
import { checkDefinitions } from './definitions.ts';

const streambus = 'streambusclusters.streambus.io';
const patterns = 'prismpatterns.prism.io';

type Given = Parameters<typeof installed>[1];

function findingsOf(name: string, given: Given = {}) {
  const all = checkDefinitions(survey({ definitions: seen([installed(name, given)]) }));
  return all.filter(({ where }) => where === `CustomResourceDefinition ${name}`);
}

const cases: readonly {
  readonly title: string;
  readonly name?: string;
  readonly given: Given;
  readonly level: string;
  readonly says: string;
}[] = [
  { title: 'that is ours', given: {}, level: 'ok', says: 'is ours, v1alpha1' },
  {
    title: 'that is going',
    given: { metadata: { deletionTimestamp: '2026-03-01T11:00:00Z' } },
    ...{ level: 'problem', says: 'is being deleted' },
  },
  {
    title: 'whose names are taken',
    given: { status: { conditions: [{ type: 'NamesAccepted', status: 'False', message: '"sbc" is in use' }] } },
    ...{ level: 'problem', says: '"sbc" is in use' },
  },
  { title: 'of another scope', given: { spec: { scope: 'Cluster' } }, level: 'problem', says: 'its scope is Cluster' },
  {
    title: 'with objects in a version that ours does not have',
    given: { status: { storedVersions: ['v1alpha1', 'v0'] } },
    ...{ level: 'problem', says: 'may be stored in v0' },
  },
  {
    title: 'with objects in a version that is not the stored one any more',
    ...{ name: patterns, given: { status: { storedVersions: ['v1alpha1', 'v1beta1'] } } },
    ...{ level: 'note', says: 'may be stored in v1alpha1; the stored version of ours is v1beta1' },
  },
  {
    title: 'of an earlier operator, without our version',
    ...{ name: patterns, given: { spec: { versions: [{ name: 'v1alpha1', served: true, storage: true }] } } },
    ...{ level: 'warning', says: 'it serves v1alpha1, and ours works with v1beta1' },
  },
  {
    title: 'of a Helm release that would take it away',
    given: { metadata: { annotations: { 'meta.helm.sh/release-name': 'bus' } } },
    ...{ level: 'warning', says: 'belongs to the Helm release bus' },
  },
  {
    title: 'of a Helm release that keeps it',
    given: { metadata: { annotations: { 'meta.helm.sh/release-name': 'bus', 'helm.sh/resource-policy': 'keep' } } },
    ...{ level: 'note', says: 'which keeps it' },
  },
  {
    title: 'that was applied by the client',
    given: { metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' } } },
    ...{ level: 'note', says: 'was applied without --server-side' },
  },
];

test.each(cases)('a definition $title is told', ({ name = streambus, given, level, says }) => {
  expect(findingsOf(name, given)).toContainEqual(
    expect.objectContaining({ level, says: expect.stringContaining(says) }),
  );
});

describe('the definition of the original operator', () => {
  const { metadata, spec } = originalStreamBusDefinition;
  const { annotations = {} } = metadata;

  test('is known by how it was made, and by the fields that it lacks', () => {
    const [found, ...more] = findingsOf(streambus, { metadata: { annotations }, spec });
    expect([found?.level, more]).toEqual(['warning', []]);
    expect(found?.says).toMatch(/^is of the original StreamBus operator: it lacks spec\.\S+, .* and \d+ more/);
    expect(found?.remedy).toContain('stop the original StreamBus operator first');
  });

  test('with a field that ours does not have loses it', () => {
    const [version] = installed(streambus).spec.versions;
    const schema = version?.schema?.openAPIV3Schema;
    const known = schema?.properties?.['spec'];
    if (version === undefined || known === undefined) throw new Error('ours has a version with a spec');
    const wider = { ...known, properties: { ...known.properties, colour: { type: 'string' } } };
    const openAPIV3Schema = { ...schema, properties: { ...schema?.properties, spec: wider } };
    expect(findingsOf(streambus, { spec: { versions: [{ ...version, schema: { openAPIV3Schema } }] } })).toEqual([
      expect.objectContaining({
        level: 'note',
        says: expect.stringContaining('has spec.colour, which ours does not'),
      }),
    ]);
  });
});

test('definitions of others in the same groups are named, and those of other groups are not', () => {
  const definitionNames = seen(['druids.druid.apache.org', 'prismstacks.prism.io', streambus, 'crates.example.com']);
  expect(checkDefinitions(survey({ definitionNames }))).toContainEqual(
    expect.objectContaining({
      level: 'note',
      says: 'druids.druid.apache.org, prismstacks.prism.io are of others, and left alone',
    }),
  );
});

test('what is not installed yet is fine', () => {
  expect(new Set(checkDefinitions(survey()).map(({ level }) => level))).toEqual(new Set(['ok']));
});
