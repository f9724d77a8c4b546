import { isJsonObject, type Json, type JsonObject, type JsonSchema, memberSchema } from './json-schema.ts';

/** Metadata and type are not described by the schema and never pruned. */
const ROOT_FIELDS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * The object as the API server would store it: defaults filled in, unknown fields and needless nulls dropped.
 * A copy; the object given is left as it is.
 */
export function storedForm(schema: JsonSchema, object: JsonObject): JsonObject {
  const copy = structuredClone(object) as MutableObject; // a fresh copy belongs to nobody else
  applyDefaults(schema, copy);
  prune(schema, copy, '', () => undefined);
  dropNulls(schema, copy);
  return copy;
}

/** The paths of all fields the schema does not know, as strict field validation names them: `spec.foo`, `spec.list[0].bar`. */
export function unknownFields(schema: JsonSchema, object: JsonObject): readonly string[] {
  const found: string[] = [];
  prune(schema, structuredClone(object) as MutableObject, '', (path) => found.push(path)); // a fresh copy
  return found.sort();
}

type Mutable = null | boolean | number | string | Mutable[] | MutableObject;
interface MutableObject {
  [key: string]: Mutable;
}

const isMutableObject = (value: Mutable | undefined): value is MutableObject => isJsonObject(value);
const copyOf = (value: Json): Mutable => structuredClone(value) as Mutable; // a fresh copy belongs to nobody else

function applyDefaults(schema: JsonSchema, value: Mutable | undefined): void {
  if (Array.isArray(value)) defaultItems(schema, value);
  else if (isMutableObject(value)) defaultMembers(schema, value);
}

function defaultItems({ items }: JsonSchema, list: Mutable[]): void {
  if (items === undefined) return;
  for (const [index, item] of list.entries()) {
    list[index] = defaultOfNull(items, item);
    applyDefaults(items, list[index]);
  }
}

function defaultMembers(schema: JsonSchema, object: MutableObject): void {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (property.default === undefined) continue;
    if (!Object.hasOwn(object, name)) object[name] = copyOf(property.default);
  }
  for (const [name, member] of Object.entries(object)) {
    const property = memberSchema(schema, name);
    if (property === undefined) continue;
    object[name] = defaultOfNull(property, member);
    applyDefaults(property, object[name]);
  }
}

function defaultOfNull(schema: JsonSchema, value: Mutable): Mutable {
  return value === null && schema.default !== undefined && schema.nullable !== true ? copyOf(schema.default) : value;
}

function prune(schema: JsonSchema, value: Mutable | undefined, path: string, dropped: (path: string) => void): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      if (schema.items !== undefined) prune(schema.items, item, `${path}[${index}]`, dropped);
    }
    return;
  }
  if (!isMutableObject(value)) return;
  for (const name of Object.keys(value)) {
    if (path === '' && ROOT_FIELDS.has(name)) continue;
    const property = memberSchema(schema, name);
    const at = path === '' ? name : `${path}.${name}`;
    if (property !== undefined) prune(property, value[name], at, dropped);
    else if (schema['x-kubernetes-preserve-unknown-fields'] !== true) {
      delete value[name];
      dropped(at);
    }
  }
}

function dropNulls(schema: JsonSchema | undefined, value: Mutable | undefined): void {
  if (Array.isArray(value)) {
    for (const item of value) dropNulls(schema?.items, item);
    return;
  }
  if (!isMutableObject(value)) return;
  for (const name of Object.keys(value)) {
    const property = schema === undefined ? undefined : memberSchema(schema, name);
    const isNeedless = property !== undefined && property.nullable !== true && property.default === undefined;
    if (value[name] === null && isNeedless) delete value[name];
    else dropNulls(property, value[name]);
  }
}
