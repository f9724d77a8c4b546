import type { JsonSchema } from './json-schema.ts';
import { QUANTITY_PATTERN } from './schema.ts';

/** A structural schema in which other definitions stand by name, and quantities by a mark. */
export interface EmbeddedDefinition extends Omit<JsonSchema, 'properties' | 'items' | 'additionalProperties'> {
  readonly ref?: string;
  readonly quantity?: true;
  readonly properties?: Readonly<Record<string, EmbeddedDefinition>>;
  readonly items?: EmbeddedDefinition;
  readonly additionalProperties?: EmbeddedDefinition;
}

/** Replaces every name by the definition it stands for, down to the leaves. A description given at the place wins. */
export function expand(
  definition: EmbeddedDefinition,
  definitions: Readonly<Record<string, EmbeddedDefinition>>,
  keys: readonly string[] = [],
): JsonSchema {
  const { ref, quantity, properties, items, additionalProperties, ...rest } = definition;
  if (ref !== undefined) {
    const target = definitions[ref];
    if (target === undefined) throw new Error(`no embedded definition is named ${ref}`);
    return { ...expand(target, definitions, keys), ...rest };
  }
  const inner = (schema: EmbeddedDefinition): JsonSchema => expand(schema, definitions);
  return {
    ...rest,
    ...(quantity === undefined
      ? {}
      : {
          anyOf: [{ type: 'integer' }, { type: 'string' }],
          pattern: QUANTITY_PATTERN,
          'x-kubernetes-int-or-string': true,
        }),
    ...(properties === undefined ? {} : { properties: propertiesOf(properties, rest.required ?? [], keys, inner) }),
    ...(items === undefined ? {} : { items: expand(items, definitions, rest['x-kubernetes-list-map-keys']) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: inner(additionalProperties) }),
  };
}

/** The key of a list-map must be there: one that is not required is given an empty string. */
function propertiesOf(
  properties: Readonly<Record<string, EmbeddedDefinition>>,
  required: readonly string[],
  keys: readonly string[],
  inner: (schema: EmbeddedDefinition) => JsonSchema,
): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => {
      const schema = inner(property);
      const needsDefault = keys.includes(name) && !required.includes(name) && schema.default === undefined;
      return [name, needsDefault ? { ...schema, default: '' } : schema];
    }),
  );
}
