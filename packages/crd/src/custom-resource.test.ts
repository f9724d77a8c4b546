import type { KubeObject, ObjectMeta, ResourceType } from '@capstan/kube';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  anyJson,
  customResource,
  type InputOf,
  immutable,
  k8s,
  listMap,
  listSet,
  mapOf,
  nullable,
  quantity,
  type ResourceOf,
  rule,
  type SpecOf,
  type StatusOf,
  stringEnum,
  stringMap,
  Type,
  toYaml,
  withDefault,
} from './index.ts';

const about = (description: string): { description: string } => ({ description });
type Properties = Parameters<typeof Type.Object>[0];
type Extra = Partial<Parameters<typeof customResource>[0]>;

/** A kind whose spec has the given fields. */
function kindWith(properties: Properties, extra: Extra = {}): ReturnType<typeof customResource> {
  return customResource({
    group: 'test.capstan.dev',
    version: 'v1',
    kind: 'Thing',
    plural: 'things',
    description: 'A thing.',
    spec: Type.Object(properties),
    status: Type.Object({ phase: Type.Optional(Type.String(about('A phase.'))) }),
    ...extra,
  });
}

const Cache = customResource({
  group: 'test.capstan.dev',
  version: 'v1',
  kind: 'Cache',
  plural: 'caches',
  shortNames: ['ca'],
  categories: ['all'],
  description: 'A cache.',
  name: Type.String({ maxLength: 40 }),
  spec: Type.Object(
    {
      replicas: withDefault(Type.Integer({ minimum: 1, ...about('How many.') }), 3),
      image: withDefault(
        Type.Object(
          {
            tag: withDefault(Type.String(about('A tag.')), 'latest'),
            pull: Type.Optional(stringEnum(['Always', 'Never'], about('When.'))),
          },
          about('An image.'),
        ),
        {},
      ),
      memory: Type.Optional(quantity(about('Memory.'))),
      labels: Type.Optional(stringMap(about('Labels.'))),
      ports: Type.Optional(
        listMap(
          Type.Object({
            port: Type.Integer(about('A port.')),
            name: withDefault(Type.String(about('A name.')), 'main'),
          }),
          ['port'],
          about('Ports.'),
        ),
      ),
      shards: Type.Optional(
        mapOf(Type.Object({ weight: withDefault(Type.Integer(about('A weight.')), 1) }), about('Shards.')),
      ),
      note: Type.Optional(nullable(Type.String(about('A note.')))),
      extra: Type.Optional(anyJson(about('Anything.'))),
      resources: Type.Optional(k8s.resourceRequirements()),
    },
    about('What is wanted.'),
  ),
  status: Type.Object({
    readyReplicas: Type.Optional(Type.Integer(about('How many serve.'))),
    conditions: Type.Optional(k8s.conditions()),
  }),
  printerColumns: [{ name: 'Ready', type: 'integer', jsonPath: '.status.readyReplicas' }],
});

describe('the types of a kind', () => {
  it('are read-only, with every default present when read and optional when written', () => {
    expectTypeOf<SpecOf<typeof Cache>['replicas']>().toEqualTypeOf<number>();
    expectTypeOf<SpecOf<typeof Cache>['image']>().toEqualTypeOf<{
      readonly tag: string;
      readonly pull?: 'Always' | 'Never';
    }>();
    expectTypeOf<SpecOf<typeof Cache>['ports']>().toEqualTypeOf<
      readonly { readonly port: number; readonly name: string }[] | undefined
    >();
    expectTypeOf<SpecOf<typeof Cache>['shards']>().toEqualTypeOf<
      Readonly<Record<string, { readonly weight: number }>> | undefined
    >();
    expectTypeOf<SpecOf<typeof Cache>['note']>().toEqualTypeOf<string | null | undefined>();
    expectTypeOf<SpecOf<typeof Cache>['memory']>().toEqualTypeOf<string | number | undefined>();
    expectTypeOf<Record<never, never>>().toExtend<InputOf<typeof Cache>['spec']>();
    expectTypeOf<NonNullable<InputOf<typeof Cache>['spec']['ports']>[number]>().toEqualTypeOf<{
      readonly port: number;
      readonly name?: string;
    }>();
    expectTypeOf<StatusOf<typeof Cache>['readyReplicas']>().toEqualTypeOf<number | undefined>();
  });

  it('make the kind a ResourceType of the client, and its objects Kubernetes objects', () => {
    expectTypeOf(Cache).toExtend<ResourceType<ResourceOf<typeof Cache>>>();
    expectTypeOf<ResourceOf<typeof Cache>>().toExtend<KubeObject>();
    expectTypeOf<ResourceOf<typeof Cache>['metadata']>().toExtend<ObjectMeta>();
    expectTypeOf<ObjectMeta>().toExtend<ResourceOf<typeof Cache>['metadata']>();
  });
});

describe('the manifest of a kind', () => {
  it('names the kind, its columns and its subresources', () => {
    const { metadata, spec } = Cache.manifest();
    const [version] = spec.versions;
    expect(metadata.name).toBe('caches.test.capstan.dev');
    expect(spec.names).toEqual({
      kind: 'Cache',
      listKind: 'CacheList',
      plural: 'caches',
      singular: 'cache',
      shortNames: ['ca'],
      categories: ['all'],
    });
    expect(version?.additionalPrinterColumns.map(({ name }) => name)).toEqual(['Ready', 'Age']);
    expect(version?.subresources).toEqual({ status: {} });
  });

  it('asks the user for no field that has a default', () => {
    expect(Cache.schema.required).toEqual(['spec']);
    expect(Cache.schema.properties?.['spec']?.required).toBeUndefined();
    expect(Cache.schema.properties?.['spec']?.properties?.['ports']?.items?.required).toEqual(['port']);
  });

  it('is written as the same YAML each time, and quotes what kubectl would read as another type', () => {
    expect(toYaml(Cache.manifest())).toBe(toYaml(Cache.manifest()));
    expect(toYaml({ b: 'no', a: { d: '1e3', c: 'on' } })).toBe('a:\n  c: "on"\n  d: "1e3"\nb: "no"\n');
  });
});

describe('withDefaults()', () => {
  it('fills in defaults where the parent is there, drops unknown fields and needless nulls, and leaves its argument alone', () => {
    const input = {
      metadata: { name: 'a' },
      spec: { ports: [{ port: 1 }], shards: { x: {} }, note: null, labels: null, unknown: 1 },
    };
    const before = structuredClone(input);
    expect(Cache.withDefaults(input as never).spec).toEqual({
      replicas: 3,
      image: { tag: 'latest' },
      ports: [{ port: 1, name: 'main' }],
      shards: { x: { weight: 1 } },
      note: null,
    });
    expect(input).toEqual(before);
  });
});

describe('validate()', () => {
  it('says where, why and what instead, without the value', () => {
    const object = {
      metadata: { name: 'x'.repeat(41) },
      spec: { replicas: 0, image: { pull: 'secret' }, memory: 'much', ports: [{ port: 1 }, { port: 1 }, {}] },
    };
    expect(Cache.validate(object)).toEqual([
      { path: 'metadata.name', reason: 'FieldValueTooLong', message: 'may not be more than 40 characters long' },
      { path: 'spec.replicas', reason: 'FieldValueInvalid', message: 'must be greater than or equal to 1' },
      { path: 'spec.image.pull', reason: 'FieldValueNotSupported', message: 'supported values: "Always", "Never"' },
      { path: 'spec.memory', reason: 'FieldValueInvalid', message: expect.stringContaining('must match ^') },
      { path: 'spec.ports[2].port', reason: 'FieldValueRequired', message: 'must be given' },
      { path: 'spec.ports[1]', reason: 'FieldValueDuplicate', message: 'another item has the same port' },
    ]);
  });

  it('evaluates transition rules only against an object before', () => {
    const kind = kindWith({
      size: Type.Optional(
        Type.Integer({ ...about('A size.'), rules: [rule('self >= oldSelf', 'size may not shrink')] }),
      ),
    });
    const sized = (size: number): object => ({ metadata: { name: 'a' }, spec: { size } });
    expect(kind.validate(sized(1))).toEqual([]);
    expect(kind.validate(sized(1), sized(2))).toEqual([
      { path: 'spec.size', reason: 'FieldValueInvalid', message: 'size may not shrink' },
    ]);
    expect(kind.validate(sized(2), sized(2))).toEqual([]);
  });

  it('reports a rule that cannot be evaluated on a value, as the API server does', () => {
    const kind = kindWith(
      { a: Type.Optional(Type.Integer(about('A number.'))) },
      { rules: [rule('self.spec.a > 0', 'a must be positive')] },
    );
    const [violation] = kind.validate({ metadata: { name: 'a' }, spec: {} });
    expect(violation).toEqual({
      path: '',
      reason: 'FieldValueInvalid',
      message: expect.stringContaining('No such key: a'),
    });
  });
});

describe('validate() of a kind with a scale subresource', () => {
  it.each([
    [-1, ['spec.replicas']],
    [0, []],
    [2 ** 31 - 1, []],
    [2 ** 31, ['spec.replicas']],
  ])('says of %d replicas what the subresource would say', (replicas, paths) => {
    const kind = kindWith(
      { replicas: Type.Integer(about('How many.')) },
      {
        status: Type.Object({ replicas: Type.Optional(Type.Integer(about('How many.'))) }),
        scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
      },
    );
    expect(kind.validate({ metadata: { name: 'a' }, spec: { replicas } }).map(({ path }) => path)).toEqual(paths);
  });
});

const text = (rules: string): Properties => ({
  a: Type.Optional(Type.String({ ...about('A text.'), rules: [rule(rules, 'no')] })),
});

describe('a definition is refused, with the field, when', () => {
  it.each<[problem: string, path: string, properties: Properties, extra?: Extra]>([
    ['a field has no description', 'spec.a', { a: Type.String() }],
    ['a default is not given through withDefault', 'spec.a', { a: Type.String({ default: 'x', ...about('A text.') }) }],
    [
      'a default breaks its own schema',
      'spec.a',
      { a: withDefault(Type.Integer({ minimum: 5, ...about('A number.') }), 3) },
    ],
    [
      'a default breaks a rule',
      'spec.a',
      { a: withDefault(Type.Integer({ ...about('A number.'), rules: [rule('self > 5', 'big')] }), 3) },
    ],
    [
      'a default has a field nobody knows',
      'spec.a.y',
      {
        a: withDefault(Type.Object({ x: Type.Optional(Type.Integer(about('X.'))) }, about('An object.')), {
          y: 1,
        } as never),
      },
    ],
    ['a keyword is not structural', 'spec.a', { a: Type.String({ contentEncoding: 'base64', ...about('A text.') }) }],
    ['a union is not of literals', 'spec.a', { a: Type.Union([Type.String(), Type.Integer()], about('Either.')) }],
    ['a value may be anything', 'spec.a', { a: Type.Unknown(about('Anything.')) }],
    ['an object says nothing of its fields', 'spec.a', { a: Type.Unsafe({ type: 'object', ...about('An object.') }) }],
    [
      'items are unique by keyword',
      'spec.a',
      { a: Type.Array(Type.String(), { uniqueItems: true, ...about('A list.') }) },
    ],
    ['a set is of objects', 'spec.a[]', { a: listSet(Type.Object({ x: Type.Integer(about('X.')) }), about('A set.')) }],
    [
      'the key of a list-map is no field',
      'spec.a[]',
      { a: listMap(Type.Object({ x: Type.Integer(about('X.')) }), ['y'], about('A list.')) },
    ],
    [
      'the key of a list-map may be absent',
      'spec.a[].x',
      { a: listMap(Type.Object({ x: Type.Optional(Type.Integer(about('X.'))) }), ['x'], about('A list.')) },
    ],
    ['a format cannot be checked', 'spec.a', { a: Type.String({ format: 'hostname', ...about('A name.') }) }],
    ['a pattern is not RE2', 'spec.a', { a: Type.String({ pattern: '(?=x)', ...about('A text.') }) }],
    ['a rule does not parse', 'spec.a', text('self ==')],
    ['a rule is not about true and false', 'spec.a', text('self + "a"')],
    [
      'a rule names an unknown field',
      'spec',
      {},
      { spec: Type.Object({ a: Type.String(about('A text.')) }, { rules: [rule('self.b == 1', 'no')] }) },
    ],
    [
      'a rule tests an unknown field',
      'spec',
      {},
      { spec: Type.Object({ a: Type.String(about('A text.')) }, { rules: [rule('has(self.b)', 'no')] }) },
    ],
    ['a rule compares different types', 'spec.a', text('self == 1')],
    ['a rule calls what cannot be evaluated here', 'spec.a', text('ip(self).family() == 4')],
    ['a rule calls what only the library knows', 'spec.a', text("bytes(self).hex() == 'a'")],
    ['a pattern in a rule is not RE2', 'spec.a', text("self.matches('(?=x)')")],
    ['a pattern in a rule is computed', 'spec.a', text('self.matches(self)')],
    [
      'a rule compares a text that may be null with null',
      'spec',
      {},
      { spec: Type.Object({ a: nullable(Type.String(about('A text.'))) }, { rules: [rule('self.a != null', 'no')] }) },
    ],
    [
      'oldSelf is used where items are not followed',
      'spec.a[]',
      { a: Type.Array(Type.Integer({ rules: [immutable('no')] }), about('A list.')) },
    ],
    [
      'a field path leads nowhere',
      'spec',
      {},
      {
        spec: Type.Object(
          { a: Type.String(about('A text.')) },
          { rules: [rule("self.a == ''", 'no', { fieldPath: '.b' })] },
        ),
      },
    ],
    [
      'a message has two lines',
      'spec.a',
      { a: Type.String({ ...about('A text.'), rules: [rule("self == ''", 'one\ntwo')] }) },
    ],
    [
      'a column leads nowhere',
      'spec.b',
      { a: Type.Optional(Type.String(about('A text.'))) },
      { printerColumns: [{ name: 'B', type: 'string', jsonPath: '.spec.b' }] },
    ],
    ['the group is protected', '', { a: Type.String(about('A text.')) }, { group: 'things.k8s.io' }],
    ['the group is no domain', '', { a: Type.String(about('A text.')) }, { group: 'things' }],
    ['the kind is not CamelCase', '', { a: Type.String(about('A text.')) }, { kind: 'thing' }],
  ])('%s', (_problem, path, properties, extra) => {
    expect(() => kindWith(properties, extra)).toThrow(expect.objectContaining({ name: 'SchemaError', path }));
  });
});

describe('an embedded Kubernetes type', () => {
  it.each(Object.entries(k8s))('%s is structural, described and usable as a field', (_name, field) => {
    expect(() => kindWith({ field: Type.Optional((field as typeof k8s.affinity)(about('A field.'))) })).not.toThrow();
  });

  it('refuses what a pod would refuse, with the field path', () => {
    const kind = kindWith({ affinity: k8s.affinity(), resources: k8s.resourceRequirements(), env: k8s.env() });
    const spec = {
      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: {} }] } },
      resources: { limits: { cpu: 'lots', 'example.com/gpu': 1 } },
      env: [{ name: 'A' }, { name: 'A', value: 1 }],
    };
    expect(kind.validate({ metadata: { name: 'a' }, spec }).map(({ path }) => path)).toEqual([
      'spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey',
      'spec.resources.limits.cpu',
      'spec.env[1].value',
      'spec.env[1]',
    ]);
  });
});
