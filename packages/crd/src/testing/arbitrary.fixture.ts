import fc from 'fast-check';
import type { Json, JsonSchema } from '../json-schema.ts';

/** How often a value is not what the schema asks for, in percent. */
export type Wildness = number;

/** Values around a schema: sound ones, ones at and beyond every bound, and (as often as told) ones of another shape. */
export function jsonFor(schema: JsonSchema, wildness: Wildness): fc.Arbitrary<Json> {
  const near = nearValue(schema, wildness);
  const enumerated: fc.Arbitrary<Json>[] = schema.enum === undefined ? [] : [fc.constantFrom(...schema.enum)];
  const nulls: fc.Arbitrary<Json>[] = schema.nullable === true ? [fc.constant(null)] : [];
  const [sound = near] = enumerated;
  if (wildness === 0) return fc.oneof({ arbitrary: sound, weight: 5 }, ...nulls);
  return fc.oneof({ arbitrary: sound, weight: 100 - wildness }, { arbitrary: ANYTHING, weight: wildness }, ...nulls);
}

const ANYTHING: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, true, 0, -1, 1.5, '', 'text', [], {}, [null], { unknown: 1 }, '5', 1e20, 2 ** 40),
  fc.array(fc.constantFrom<Json>(1, 'a', null, {}, []), { maxLength: 3 }),
);

function nearValue(schema: JsonSchema, wildness: Wildness): fc.Arbitrary<Json> {
  if (schema['x-kubernetes-int-or-string'] === true) return fc.constantFrom<Json>(...INT_OR_STRINGS);
  switch (schema.type) {
    case 'object':
      return nearObject(schema, wildness);
    case 'array':
      return nearArray(schema, wildness);
    case 'string':
      return nearString(schema, wildness);
    case 'integer':
    case 'number':
      return nearNumber(schema, wildness);
    case 'boolean':
      return fc.boolean();
    default:
      return ANYTHING;
  }
}

const INT_OR_STRINGS: readonly Json[] = [
  ...[
    0,
    1,
    64,
    80,
    100,
    2_000_000_000,
    67_108_864,
    'http',
    '50%',
    '1',
    '500m',
    '64Mi',
    '100M',
    '1Gi',
    '1024Mi',
    '2G',
    '2e9',
    '1.5Gi',
    '.5',
  ],
  ...['1.', '+1', '-1', '100Ti', '0.1', '1n'],
];

const ENTRY_NAMES = ['a', 'b', 'x', 'team', 'long-name', 'dotted.name', 'with/slash'];

function nearObject(schema: JsonSchema, wildness: Wildness): fc.Arbitrary<Json> {
  if (schema.additionalProperties !== undefined) {
    return fc.dictionary(fc.constantFrom(...ENTRY_NAMES), jsonFor(schema.additionalProperties, wildness), {
      maxKeys: 3,
    });
  }
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0) return fc.dictionary(fc.constantFrom(...ENTRY_NAMES), ANYTHING, { maxKeys: 2 });
  const known = Object.fromEntries(properties.map(([name, property]) => [name, jsonFor(property, wildness)]));
  // Few fields at a time: with all of them, hardly an object would be sound.
  const chosen = fc.subarray(
    properties.map(([name]) => name),
    { maxLength: Math.min(properties.length, 4) },
  );
  return chosen.chain((names) => {
    const required = (schema.required ?? []).filter(() => true);
    const present = new Set([...names, ...required]);
    const record = fc.record(Object.fromEntries(Object.entries(known).filter(([name]) => present.has(name))), {
      requiredKeys: wildness === 0 ? [...present] : [],
    });
    if (wildness === 0) return record;
    const unknown = fc.record({ unknownField: ANYTHING });
    return fc.oneof(
      { arbitrary: record, weight: 20 },
      { arbitrary: fc.tuple(record, unknown).map(([a, b]) => ({ ...a, ...b })), weight: 1 },
    );
  });
}

function nearArray(schema: JsonSchema, wildness: Wildness): fc.Arbitrary<Json> {
  const item = jsonFor(schema.items ?? {}, wildness);
  const maxLength = Math.min((schema.maxItems ?? 3) + (wildness === 0 ? 0 : 1), 5);
  const list = fc.array(item, { minLength: wildness === 0 ? (schema.minItems ?? 0) : 0, maxLength });
  if (wildness === 0 && schema['x-kubernetes-list-type'] !== undefined) return list.map((items) => items.slice(0, 1));
  return fc.oneof(
    { arbitrary: list, weight: 4 },
    { arbitrary: list.map((items) => [...items, ...items.slice(0, 1)]), weight: 1 },
  );
}

const TEXTS = [
  ...[
    '',
    'a',
    'ab',
    'abc',
    'abcde',
    'abcdef',
    'a-b',
    '-a',
    'a.b',
    'a.b.c',
    'Abc',
    'zeta',
    'yet',
    'x',
    'y',
    'z9',
    'b7',
    'aaa',
    'qqq',
    '..',
  ],
  ...[
    'forbidden',
    'leader',
    'last',
    'nobody',
    'alpha',
    'kube',
    'TCP',
    'UDP',
    'debug',
    'two words',
    'tab\tbed',
    'line\nbreak',
    ' spaced ',
    'é',
    '😀😀',
  ],
  ...[
    '2024-02-29',
    '2023-02-29',
    '2024-01-15T10:30:00Z',
    '2024-01-15T10:30:00.123+02:00',
    '2024-01-15T25:00:00Z',
    '2024-01-15 10:00:00Z',
  ],
  ...[
    '10.0.0.1',
    '010.0.0.1',
    '10.0.0.256',
    '10.0.0',
    'f47ac10b-58cc-4372-a567-0e02b2c3d479',
    'F47AC10B58CC4372A5670E02B2C3D479',
  ],
  ...['True', 'Ready', 'streambus.io/Ready', '\u00a0', '\u2003x'],
];

function nearString(schema: JsonSchema, wildness: Wildness): fc.Arbitrary<Json> {
  const longest = schema.maxLength ?? 10;
  const bounds = [schema.minLength ?? 0, longest, longest + 1]
    .filter((length) => length <= 64)
    .map((length) => 'a'.repeat(length));
  const texts = fc.oneof(
    { arbitrary: fc.constantFrom(...TEXTS), weight: 8 },
    fc.constantFrom('', ...bounds),
    fc.string({ maxLength: 6, unit: 'grapheme' }),
  );
  if (wildness > 0) return texts;
  return texts.filter((text) => [...text].length <= longest && [...text].length >= (schema.minLength ?? 0));
}

function nearNumber(schema: JsonSchema, wildness: Wildness): fc.Arbitrary<Json> {
  const { minimum = -3, maximum = 20 } = schema;
  const around = [minimum, maximum].flatMap((bound) => [bound - 1, bound, bound + 1]);
  const sound = fc.integer({ min: Math.ceil(minimum), max: Math.floor(maximum) });
  if (wildness === 0) return schema.type === 'integer' ? sound : fc.double({ min: minimum, max: maximum, noNaN: true });
  const odd = fc.constantFrom(0.5, -0.25, 13, 25, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 2 ** 63, 1e21, 3, 10, 17);
  return fc.oneof({ arbitrary: sound, weight: 6 }, { arbitrary: fc.constantFrom(...around), weight: 2 }, odd);
}
