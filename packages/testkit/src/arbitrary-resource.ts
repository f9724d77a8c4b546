import type { JsonSchema } from '@capstan/crd';
import fc from 'fast-check';

/** A kind as far as its objects can be made up from it: those of `customResource` are such kinds. */
export interface DescribedKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly schema: JsonSchema;
  withDefaults(object: never): object;
  validate(object: object): readonly { readonly path: string; readonly message: string }[];
}

/** Longer lists and texts show nothing that short ones do not. */
const most = { items: 4, entries: 3, letters: 12 };

/**
 * Objects of a kind as the API server would store them: made up from the schema, defaults filled in. Those that a rule of the
 * kind refuses are left out; where rules leave hardly any, give samples of your own instead.
 */
export function arbitraryResource(kind: DescribedKind): fc.Arbitrary<object> {
  const { properties = {} } = kind.schema;
  const field = (name: string) => valuesOf(properties[name] ?? {});
  return fc
    .record({ spec: field('spec'), status: field('status') }, { requiredKeys: ['spec'] })
    .map(({ spec, status }) => {
      const metadata = { name: 'made-up', uid: 'made-up', ...(kind.namespaced && { namespace: 'default' }) };
      const { group, version } = kind;
      const object = {
        apiVersion: `${group}/${version}`,
        kind: kind.kind,
        metadata,
        spec,
        ...(status !== undefined && { status }),
      };
      return kind.withDefaults(object as never); // made from the very schema
    })
    .filter((object) => kind.validate(object).length === 0);
}

function valuesOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema['x-kubernetes-int-or-string'] === true) return intOrString(schema);
  switch (schema.type) {
    case 'object':
      return objectOf(schema);
    case 'array':
      return listsOf(schema);
    case 'string':
      return textOf(schema);
    case 'integer':
      return fc.integer(boundsOf(schema));
    case 'number':
      return fc.double({ ...boundsOf(schema), noNaN: true });
    case 'boolean':
      return fc.boolean();
    default:
      return fc.constantFrom<unknown>(true, 1, 'text', { a: [1, { b: 'c' }] }, []);
  }
}

function intOrString({ pattern }: JsonSchema): fc.Arbitrary<unknown> {
  const fits = (text: string) => pattern === undefined || new RegExp(pattern).test(text);
  const texts = ['50%', '1', '500m', '1Gi', 'http'].filter(fits);
  return fc.oneof(fc.nat({ max: 100 }), ...(texts.length === 0 ? [] : [fc.constantFrom(...texts)]));
}

function objectOf({ properties, additionalProperties, required = [] }: JsonSchema): fc.Arbitrary<unknown> {
  if (additionalProperties !== undefined)
    return fc.dictionary(fc.constantFrom('a', 'b', 'c'), valuesOf(additionalProperties), { maxKeys: most.entries });
  if (properties === undefined) return fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom(1, 'x', { y: [] }));
  const fields = Object.entries(properties).map(([name, property]) => [name, valuesOf(property)] as const);
  return fc.record(Object.fromEntries(fields), { requiredKeys: [...required] });
}

function listsOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  const item = valuesOf(schema.items ?? {});
  const minLength = schema.minItems ?? 0;
  const size = { minLength, maxLength: Math.max(minLength, Math.min(schema.maxItems ?? most.items, most.items)) };
  const keys = schema['x-kubernetes-list-map-keys'];
  if (keys !== undefined) return fc.uniqueArray(item, { ...size, selector: (each) => keyOf(each, keys) });
  if (schema['x-kubernetes-list-type'] === 'set')
    return fc.uniqueArray(item, { ...size, selector: (each) => JSON.stringify(each) });
  return fc.array(item, size);
}

function keyOf(item: unknown, keys: readonly string[]): string {
  const fields = new Map(Object.entries(typeof item === 'object' && item !== null ? item : {}));
  return JSON.stringify(keys.map((key) => fields.get(key) ?? null));
}

function textOf({ minLength = 0, maxLength = most.letters, pattern, format }: JsonSchema): fc.Arbitrary<unknown> {
  if (format === 'date-time') return fc.constantFrom('2026-01-01T00:00:00Z', '2025-12-31T23:59:59.5Z');
  const longest = Math.max(minLength, Math.min(maxLength, most.letters));
  const isFitting = (text: string) => text.length >= minLength && text.length <= maxLength;
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern), { maxLength: longest }).filter(isFitting);
  return fc.string({ minLength, maxLength: longest, unit: 'grapheme-ascii' });
}

function boundsOf(schema: JsonSchema): { readonly min: number; readonly max: number } {
  const { minimum = -1_000, maximum = Math.max(1_000, minimum), exclusiveMinimum, exclusiveMaximum } = schema;
  return {
    min: Math.ceil(minimum) + (exclusiveMinimum ? 1 : 0),
    max: Math.floor(maximum) - (exclusiveMaximum ? 1 : 0),
  };
}
