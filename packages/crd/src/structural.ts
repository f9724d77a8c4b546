import type { TSchema } from 'typebox';
import { isJsonObject, type Json, type JsonSchema, type ValidationRule } from './json-schema.ts';
import { SchemaError } from './schema-error.ts';

/** Reads one typebox schema, and all below it, into the structural schema that goes into a CustomResourceDefinition. */
export function structuralSchema(schema: TSchema, path: string): JsonSchema {
  if (hasMark(schema, '~embedded')) return { ...schema }; // built from a structural schema by embedded.ts
  const members = membersOf(schema, path);
  if (members['type'] === 'object' && !SAYS_WHAT_IS_KEPT.some((keyword) => members[keyword] !== undefined)) {
    throw new SchemaError(path, 'the object says nothing of its fields, so all would be pruned; use freeForm()');
  }
  const out: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(members)) {
    const copy = KEYWORDS[keyword];
    if (copy === undefined) throw new SchemaError(path, `the keyword '${keyword}' is not part of a structural schema`);
    if (value !== undefined) copy(out, value, path);
  }
  return out as JsonSchema; // every member was written by a function of KEYWORDS
}

const SAYS_WHAT_IS_KEPT = ['properties', 'additionalProperties', 'x-kubernetes-preserve-unknown-fields'] as const;

type CopyKeyword = (out: Record<string, unknown>, value: unknown, path: string) => void;

const asItIs =
  (name: string): CopyKeyword =>
  (out, value) => {
    out[name] = value;
  };

/** JSON Schema has two exclusive bounds with a number, Kubernetes one bound and a flag. */
const exclusive =
  (bound: 'minimum' | 'maximum', flag: string): CopyKeyword =>
  (out, value) => {
    if (typeof value === 'number') out[bound] = value;
    out[flag] = true;
  };

const KEYWORDS: Readonly<Record<string, CopyKeyword>> = {
  ...Object.fromEntries(
    [
      ...[
        'type',
        'description',
        'default',
        'enum',
        'format',
        'nullable',
        'minLength',
        'maxLength',
        'minimum',
        'maximum',
      ],
      ...['multipleOf', 'minItems', 'maxItems', 'minProperties', 'maxProperties', 'anyOf'],
      ...['x-kubernetes-int-or-string', 'x-kubernetes-preserve-unknown-fields'],
      ...['x-kubernetes-list-type', 'x-kubernetes-list-map-keys', 'x-kubernetes-map-type', 'x-kubernetes-validations'],
    ].map((name) => [name, asItIs(name)]),
  ),
  exclusiveMinimum: exclusive('minimum', 'exclusiveMinimum'),
  exclusiveMaximum: exclusive('maximum', 'exclusiveMaximum'),
  pattern: (out, value) => {
    out['pattern'] = value instanceof RegExp ? value.source : value;
  },
  rules: (out, value) => {
    out['x-kubernetes-validations'] = value as readonly ValidationRule[]; // FieldOptions.rules; checked again with the rule
  },
  items: (out, value, path) => {
    out['items'] = structuralSchema(value as TSchema, `${path}[]`); // typebox allows only a schema here
  },
  additionalProperties: (out, value, path) => {
    if (!isSchema(value))
      throw new SchemaError(
        path,
        'unknown fields are pruned; leave additionalProperties out, or use mapOf or freeForm',
      );
    out['additionalProperties'] = structuralSchema(value, `${path}[*]`);
  },
  properties: (out, value, path) => {
    const properties = Object.entries(value as Record<string, TSchema>); // typebox allows only schemas here
    // The API server drops an empty list of fields; written out, the definition would never equal the stored one.
    if (properties.length === 0) return;
    out['properties'] = Object.fromEntries(
      properties.map(([name, property]) => [name, structuralSchema(property, path === '' ? name : `${path}.${name}`)]),
    );
    const required = properties.filter(([, property]) => !mayBeAbsent(property)).map(([name]) => name);
    if (required.length > 0) out['required'] = required;
    else delete out['required'];
  },
  /** Decided from the properties, so that a field with a default is not asked of the user. */
  required: (out, value) => {
    if (out['properties'] === undefined) out['required'] = value;
  },
};

/** The enumerable members of a schema, with typebox's own ways of saying enum, literal, union and record put as OpenAPI's. */
function membersOf(schema: TSchema, path: string): Record<string, unknown> {
  const members: Record<string, unknown> = { ...schema };
  if (members['default'] !== undefined && !hasMark(schema, '~default')) {
    throw new SchemaError(path, 'give the default through withDefault(schema, value), so that the type knows of it');
  }
  switch (kindOf(schema)) {
    case 'Enum':
      return { ...members, type: members['type'] ?? scalarTypeOf(members['enum'], path) };
    case 'Literal': {
      const { const: value, ...rest } = members;
      return { ...rest, enum: [value] };
    }
    case 'Union': {
      const { anyOf, ...rest } = members;
      const values = literalsOf(anyOf, path);
      return { ...rest, type: scalarTypeOf(values, path), enum: values };
    }
    case 'Record': {
      const { patternProperties, ...rest } = members;
      const [value] = Object.values(patternProperties as Record<string, TSchema>); // a typebox record has exactly one pattern
      return { ...rest, additionalProperties: value };
    }
    case 'Any':
    case 'Unknown':
      throw new SchemaError(path, 'say anyJson() for a value of any shape');
    default:
      return members;
  }
}

function literalsOf(members: unknown, path: string): unknown[] {
  const schemas = Array.isArray(members) ? (members as TSchema[]) : [];
  if (schemas.length === 0 || !schemas.every((member) => kindOf(member) === 'Literal')) {
    throw new SchemaError(path, 'only a union of literals is structural; for a number or a string use intOrString()');
  }
  return schemas.map((member) => (member as unknown as Record<'const', unknown>).const); // kind Literal has `const`
}

function scalarTypeOf(values: unknown, path: string): string {
  const types = new Set(Array.isArray(values) ? values.map((value) => typeof value) : []);
  const [only, another] = types;
  if (another !== undefined || (only !== 'string' && only !== 'number' && only !== 'boolean')) {
    throw new SchemaError(path, 'the values of an enum must all be strings, all numbers or all booleans');
  }
  if (only !== 'number') return only;
  return (values as number[]).every(Number.isInteger) ? 'integer' : 'number'; // all are numbers, see above
}

function kindOf(schema: TSchema): string | undefined {
  const kind: unknown = Object.getOwnPropertyDescriptor(schema, '~kind')?.value;
  return typeof kind === 'string' ? kind : undefined;
}

function mayBeAbsent(schema: TSchema): boolean {
  return hasMark(schema, '~optional') || hasMark(schema, '~default');
}

function hasMark(schema: TSchema, mark: string): boolean {
  return Object.hasOwn(schema, mark);
}

function isSchema(value: unknown): value is TSchema {
  return typeof value === 'object' && value !== null;
}

/** Calls `visit` for a schema and every schema below it, parents first, with its field path. */
export function walkSchema(schema: JsonSchema, path: string, visit: (schema: JsonSchema, path: string) => void): void {
  visit(schema, path);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    walkSchema(property, path === '' ? name : `${path}.${name}`, visit);
  }
  if (schema.items !== undefined) walkSchema(schema.items, `${path}[]`, visit);
  if (schema.additionalProperties !== undefined) walkSchema(schema.additionalProperties, `${path}[*]`, visit);
}

/** True where a value is JSON: no functions, no dates, no undefined inside. */
export function isJson(value: unknown): value is Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  return isJsonObject(value) && Object.values(value).every(isJson);
}
