import type { CustomResourceDefinition } from '@capstan/kube';

type Version = CustomResourceDefinition['spec']['versions'][number];
type Schema = NonNullable<NonNullable<Version['schema']>['openAPIV3Schema']>;

/** What every object has, whether its schema says so or not. */
const heads: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * Fields of `schema` that `other` does not know, outermost ones only: `spec.raft`, `spec.listeners[].port`. Where `other` keeps
 * whatever it is given, it knows every field.
 */
export function fieldsMissingIn(other: Schema | undefined, schema: Schema | undefined, path = ''): readonly string[] {
  if (schema === undefined || other?.['x-kubernetes-preserve-unknown-fields'] === true) return [];
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const at = path === '' ? name : `${path}.${name}`;
    const theirs = other?.properties?.[name];
    if (heads.has(at)) return [];
    if (theirs !== undefined) return fieldsMissingIn(theirs, property, at);
    return isSchema(other?.additionalProperties) ? [] : [at];
  });
  return [...own, ...fieldsMissingIn(itemsOf(other), itemsOf(schema), `${path}[]`)];
}

/** Lists of several schemas, one per place, do not exist in definitions. */
function itemsOf(schema: Schema | undefined): Schema | undefined {
  return isSchema(schema?.items) ? schema.items : undefined;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
