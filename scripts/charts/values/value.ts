import type { Json } from '@capstan/crd';

/** A JSON schema (draft 7), as Helm checks values against it. */
export type ValueSchema = Readonly<Record<string, Json>>;

/** One value of a chart that is given as a whole. */
export interface ValueLeaf {
  /** What it does, for the comment above it and for the table of the README. */
  readonly about: string;
  readonly default: Json;
  readonly schema: ValueSchema;
}

/** Values under one key. */
export interface ValueGroup {
  /** What they have in common. */
  readonly about: string;
  readonly values: Values;
}

/** Values by their keys, in the order of the file. */
export type Values = Readonly<Record<string, ValueLeaf | ValueGroup>>;

/** Whether this is a group of values, and not one value. */
export function isGroup(value: ValueLeaf | ValueGroup): value is ValueGroup {
  return 'values' in value;
}

const listed = (items: ValueSchema): ValueSchema => ({ type: 'array', items });
const freeObject: ValueSchema = { type: 'object' };
const stringMap: ValueSchema = { type: 'object', additionalProperties: { type: 'string' } };

/** The schemas that values of charts are made of. */
export const schemas = {
  boolean: { type: 'boolean' },
  text: { type: 'string' },
  oneOf: (...values: readonly string[]): ValueSchema => ({ type: 'string', enum: values }),
  count: (minimum: number, maximum?: number): ValueSchema => ({
    type: 'integer',
    minimum,
    ...(maximum !== undefined && { maximum }),
  }),
  matching: (pattern: string): ValueSchema => ({ type: 'string', pattern }),
  stringMap,
  /** An object of Kubernetes, which the API server checks. */
  freeObject,
  listed,
  texts: listed({ type: 'string', minLength: 1 }),
  /** Objects of Kubernetes, which the API server checks. */
  objects: listed(freeObject),
  /** Names of namespaces, each once. */
  namespaces: {
    ...listed({ type: 'string', pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', maxLength: 63 }),
    uniqueItems: true,
  },
} as const satisfies Readonly<Record<string, ValueSchema | ((...args: never[]) => ValueSchema)>>;
