import { INTEGER_RANGES, STRING_FORMATS } from './formats.ts';
import { isJsonObject, type Json, type JsonSchema } from './json-schema.ts';
import { compileRe2 } from './re2.ts';
import { SchemaError } from './schema-error.ts';
import { storedForm } from './stored-form.ts';
import { isJson, walkSchema } from './structural.ts';
import { duplicateViolations, schemaViolations } from './validation.ts';

/**
 * Refuses a schema that the API server would refuse, or that cannot be checked here as it does.
 * @throws SchemaError with the path of the field
 */
export function checkSchema(root: JsonSchema): void {
  walkSchema(root, '', (schema, path) => {
    checkShape(schema, path);
    checkList(schema, path);
    checkText(schema, path);
    checkDescriptions(schema, path);
    checkDefault(schema, path);
  });
}

const TYPES: ReadonlySet<string> = new Set(['object', 'array', 'string', 'integer', 'number', 'boolean']);

function checkShape(schema: JsonSchema, path: string): void {
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const isIntOrString = schema['x-kubernetes-int-or-string'] === true;
  if (schema.type === undefined && !isOpen && !isIntOrString) throw new SchemaError(path, 'the schema has no type');
  if (schema.type !== undefined && !TYPES.has(schema.type))
    throw new SchemaError(path, `'${schema.type}' is no type of a structural schema`);
  if (isOpen && isIntOrString) throw new SchemaError(path, 'a number or string has no unknown fields to preserve');
  if (schema.properties !== undefined && schema.additionalProperties !== undefined) {
    throw new SchemaError(path, 'an object has either named fields or entries of any name, not both');
  }
  if (schema.anyOf !== undefined && !isIntOrString)
    throw new SchemaError(path, 'anyOf is only for intOrString() and quantity()');
  for (const name of schema.required ?? []) {
    if (schema.properties?.[name] === undefined)
      throw new SchemaError(path, `'${name}' is required but not among the fields`);
  }
}

function checkList(schema: JsonSchema, path: string): void {
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (schema.type === 'array' && schema.items === undefined)
    throw new SchemaError(path, 'the list says nothing of its items');
  if (listType !== undefined && schema.type !== 'array') throw new SchemaError(path, 'only a list has a list type');
  if (listType === 'set') checkSetItem(schema.items, `${path}[]`);
  if (listType === 'map') checkMapItem(schema.items, keys, `${path}[]`);
  else if (keys.length > 0) throw new SchemaError(path, 'only a list of type map has keys');
}

function checkSetItem(item: JsonSchema | undefined, path: string): void {
  if (item?.nullable === true) throw new SchemaError(path, 'the items of a set may not be null');
  const isAtomicList = item?.type === 'array' && (item['x-kubernetes-list-type'] ?? 'atomic') === 'atomic';
  const isAtomicMap = item?.type === 'object' && item['x-kubernetes-map-type'] === 'atomic';
  if ((item?.type === 'array' && !isAtomicList) || (item?.type === 'object' && !isAtomicMap)) {
    throw new SchemaError(path, 'the items of a set must be scalars or atomic; for objects use listMap()');
  }
}

function checkMapItem(item: JsonSchema | undefined, keys: readonly string[], path: string): void {
  if (keys.length === 0) throw new SchemaError(path, 'a list-map needs at least one key');
  if (new Set(keys).size !== keys.length) throw new SchemaError(path, 'a key is named twice');
  if (item?.type !== 'object') throw new SchemaError(path, 'the items of a list-map must be objects');
  if (item.nullable === true) throw new SchemaError(path, 'the items of a list-map may not be null');
  for (const key of keys) {
    const property = item.properties?.[key];
    if (property === undefined) throw new SchemaError(path, `the key '${key}' is not a field of the items`);
    if (property.type === 'object' || property.type === 'array')
      throw new SchemaError(`${path}.${key}`, 'a key must be a scalar');
    if (property.nullable === true) throw new SchemaError(`${path}.${key}`, 'a key may not be null');
    if (property.default === undefined && item.required?.includes(key) !== true) {
      throw new SchemaError(`${path}.${key}`, 'a key must be required or have a default');
    }
  }
}

function checkText(schema: JsonSchema, path: string): void {
  if (schema.pattern !== undefined) {
    try {
      compileRe2(schema.pattern);
    } catch (error) {
      throw new SchemaError(path, error instanceof Error ? error.message : String(error));
    }
  }
  const { format, type } = schema;
  if (format === undefined) return;
  const known =
    type === 'string'
      ? Object.keys(STRING_FORMATS)
      : type === 'integer'
        ? Object.keys(INTEGER_RANGES)
        : type === 'number'
          ? ['float', 'double']
          : [];
  if (!known.includes(format)) {
    throw new SchemaError(
      path,
      `the format '${format}' cannot be checked here; use one of ${known.join(', ') || 'none'}, or a pattern`,
    );
  }
}

/** `kubectl explain` is the documentation a user reads at three in the morning. */
function checkDescriptions(schema: JsonSchema, path: string): void {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (path === '' && name === 'metadata') continue;
    if (property.description === undefined || property.description.trim() === '') {
      throw new SchemaError(path === '' ? name : `${path}.${name}`, 'the field has no description');
    }
  }
}

function checkDefault(schema: JsonSchema, path: string): void {
  const { default: value } = schema;
  if (value === undefined) return;
  if (!isJson(value)) throw new SchemaError(path, 'the default is not a JSON value');
  const [violation] = [...schemaViolations(schema, value, path), ...duplicateViolations(schema, value, path)];
  if (violation !== undefined)
    throw new SchemaError(violation.path, `the default is refused by the schema itself: ${violation.message}`);
  const stored = storedDefault(schema, value);
  const [unknown] = fieldsOf(value, path).filter((field) => !fieldsOf(stored, path).includes(field));
  if (unknown !== undefined) throw new SchemaError(unknown, 'the default has a field that the schema does not know');
}

function storedDefault(schema: JsonSchema, value: Json): Json {
  return storedForm({ type: 'object', properties: { value: schema } }, { value })['value'] ?? null;
}

function fieldsOf(value: Json, path: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item: Json, index) => fieldsOf(item, `${path}[${index}]`));
  if (!isJsonObject(value)) return [path];
  return [path, ...Object.entries(value).flatMap(([name, member]) => fieldsOf(member, `${path}.${name}`))];
}
