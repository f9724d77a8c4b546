import { correlatedItem, jsonEqual, listKeyOf, unchanged } from './correlation.ts';
import { INTEGER_RANGES, STRING_FORMATS } from './formats.ts';
import { isJsonObject, type Json, type JsonObject, type JsonSchema, memberSchema } from './json-schema.ts';
import { compileRe2 } from './re2.ts';
import type { Violation, ViolationReason } from './violation.ts';

/**
 * Checks a value against a schema as the API server does: type, bounds, patterns, enums, required fields.
 * Unknown fields are no violation; they are pruned before.
 *
 * With `old`, what was wrong already and did not change is let through, so that tightening a schema never blocks other edits.
 */
export function schemaViolations(schema: JsonSchema, value: Json, path: string, old?: Json): Violation[] {
  const found: Violation[] = [];
  visit({ schema, value, path, old }, found);
  return found;
}

interface Node {
  readonly schema: JsonSchema;
  readonly value: Json;
  readonly path: string;
  readonly old: Json | undefined;
}

function visit(node: Node, found: Violation[]): void {
  if (unchanged(node.schema, node.value, node.old)) return;
  const { schema, value, path } = node;
  const report = (reason: ViolationReason, message: string, at = path): void => {
    found.push({ path: at, reason, message });
  };
  checkType(schema, value, report);
  checkEnum(schema, value, report);
  if (typeof value === 'string') checkString(schema, value, report);
  if (typeof value === 'number') checkNumber(schema, value, report);
  if (Array.isArray(value)) visitItems(node, value, report, found);
  if (isJsonObject(value)) visitMembers(node, value, report, found);
}

type Report = (reason: ViolationReason, message: string, at?: string) => void;

function checkType(schema: JsonSchema, value: Json, report: Report): void {
  const expected =
    schema['x-kubernetes-int-or-string'] === true
      ? ['integer', 'string']
      : schema.type === undefined
        ? []
        : [schema.type];
  if (expected.length === 0) return;
  if (value === null) {
    if (schema.nullable !== true) report('FieldValueTypeInvalid', `must be of type ${expected.join(' or ')}, not null`);
    return;
  }
  // The API server does not look at the type of a list where a string of some format is asked for.
  if (schema.type === 'string' && schema.format !== undefined && Array.isArray(value)) return;
  const actual = jsonTypeOf(value);
  const fits = expected.some((type) => type === actual || (type === 'number' && actual === 'integer'));
  if (!fits) report('FieldValueTypeInvalid', `must be of type ${expected.join(' or ')}, not ${actual}`);
}

function jsonTypeOf(value: Exclude<Json, null>): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return isJsonInteger(value) ? 'integer' : 'number';
  return typeof value;
}

/**
 * Whether the API server takes a number for an integer. It reads digits alone as 64 bits, anything else as a float; of floats it
 * takes those up to 2^53 that are whole but for a billionth, as a type. (They are out of every range, so they are refused, too.)
 */
function isJsonInteger(value: number): boolean {
  if (Number.isInteger(value)) return value >= -(2 ** 63) && value < 2 ** 63;
  const whole = Math.trunc(Math.abs(value));
  const difference = Math.abs(value - whole);
  return Math.abs(value) < 2 ** 53 && difference / (Math.abs(value) + whole) < 1e-9;
}

function checkEnum(schema: JsonSchema, value: Json, report: Report): void {
  if (schema.enum === undefined) return;
  if (value !== null && schema.enum.some((allowed) => jsonEqual(allowed, value))) return;
  report(
    'FieldValueNotSupported',
    `supported values: ${schema.enum.map((allowed) => JSON.stringify(allowed)).join(', ')}`,
  );
}

/** The API server stops at the first of these three. */
function checkString(schema: JsonSchema, value: string, report: Report): void {
  const length = codePointsOf(value);
  if (schema.maxLength !== undefined && length > schema.maxLength) {
    report('FieldValueTooLong', `may not be more than ${schema.maxLength} characters long`);
  } else if (schema.minLength !== undefined && length < schema.minLength) {
    report('FieldValueInvalid', `must be at least ${schema.minLength} characters long`);
  } else if (schema.pattern !== undefined && !compileRe2(schema.pattern).test(value)) {
    report('FieldValueInvalid', `must match ${schema.pattern}`);
  }
  const hasFormat = schema.format === undefined ? undefined : STRING_FORMATS[schema.format];
  if (hasFormat?.(value) === false) report('FieldValueTypeInvalid', `must be a ${schema.format ?? ''}`);
}

function codePointsOf(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function checkNumber(schema: JsonSchema, value: number, report: Report): void {
  const format = schema.format ?? 'int64';
  const range = schema.type === 'integer' ? INTEGER_RANGES[format] : undefined;
  if (range !== undefined && (!Number.isInteger(value) || value < range[0] || value > range[1])) {
    report('FieldValueInvalid', `must be in the range of ${format}`);
  }
  if (schema.multipleOf !== undefined && !isMultiple(value, schema.multipleOf)) {
    report('FieldValueInvalid', `must be a multiple of ${schema.multipleOf}`);
  }
  checkBounds(schema, value, report);
}

function checkBounds(schema: JsonSchema, value: number, report: Report): void {
  const { maximum, minimum, exclusiveMaximum = false, exclusiveMinimum = false } = schema;
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) {
    report('FieldValueInvalid', `must be less than ${exclusiveMaximum ? '' : 'or equal to '}${maximum}`);
  }
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) {
    report('FieldValueInvalid', `must be greater than ${exclusiveMinimum ? '' : 'or equal to '}${minimum}`);
  }
}

function isMultiple(value: number, factor: number): boolean {
  if (Number.isInteger(value) && Number.isInteger(factor)) return value % factor === 0;
  return isJsonInteger(factor < 1 ? (1 / factor) * value : value / factor);
}

function visitItems(node: Node, items: readonly Json[], report: Report, found: Violation[]): void {
  const { schema, path, old } = node;
  if (schema.minItems !== undefined && items.length < schema.minItems) {
    report('FieldValueInvalid', `must have at least ${schema.minItems} items`);
  }
  if (schema.maxItems !== undefined && items.length > schema.maxItems) {
    report('FieldValueTooMany', `must have at most ${schema.maxItems} items`);
  }
  if (schema.items === undefined) return;
  for (const [index, item] of items.entries()) {
    visit(
      { schema: schema.items, value: item, path: `${path}[${index}]`, old: correlatedItem(schema, item, old) },
      found,
    );
  }
}

function visitMembers(node: Node, members: JsonObject, report: Report, found: Violation[]): void {
  const { schema, path, old } = node;
  const count = Object.keys(members).length;
  if (schema.minProperties !== undefined && count < schema.minProperties) {
    report('FieldValueInvalid', `must have at least ${schema.minProperties} entries`);
  }
  if (schema.maxProperties !== undefined && count > schema.maxProperties) {
    report('FieldValueTooMany', `must have at most ${schema.maxProperties} entries`);
  }
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(members, name)) report('FieldValueRequired', 'must be given', at(name));
  }
  for (const [name, value] of Object.entries(members)) {
    const property = memberSchema(schema, name);
    if (property === undefined) continue;
    const before = isJsonObject(old) && Object.hasOwn(old, name) ? old[name] : undefined;
    visit({ schema: property, value, path: at(name), old: before }, found);
  }
}

/** Finds items that say they are the same, in lists that are sets or maps. */
export function duplicateViolations(schema: JsonSchema, value: Json, path: string): Violation[] {
  if (Array.isArray(value)) {
    const own = duplicatesIn(schema, value).map(
      (index): Violation => ({
        path: `${path}[${index}]`,
        reason: 'FieldValueDuplicate',
        message: duplicateMessage(schema),
      }),
    );
    const below = value.flatMap((item: Json, index) =>
      schema.items === undefined ? [] : duplicateViolations(schema.items, item, `${path}[${index}]`),
    );
    return [...own, ...below];
  }
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const property = memberSchema(schema, name);
    return property === undefined ? [] : duplicateViolations(property, member, childPath(schema, path, name));
  });
}

/** A path to one member: `.name` for a field, `[name]` for the entry of a map. */
export function childPath(schema: JsonSchema, path: string, name: string): string {
  const isField = schema.properties !== undefined && Object.hasOwn(schema.properties, name);
  if (!isField) return `${path}[${name}]`;
  return path === '' ? name : `${path}.${name}`;
}

/** The index of the second of each group of equals; the third and later are not named again. */
function duplicatesIn(schema: JsonSchema, items: readonly Json[]): number[] {
  const listType = schema['x-kubernetes-list-type'];
  if (listType !== 'set' && listType !== 'map') return [];
  if (listType === 'map' && !items.every((item) => item === null || isJsonObject(item))) return [];
  const seen = new Map<string, number>();
  return items.flatMap((item, index) => {
    const key = JSON.stringify(listType === 'map' ? listKeyOf(schema, item) : canonical(item));
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    return times === 2 ? [index] : [];
  });
}

function duplicateMessage(schema: JsonSchema): string {
  const keys = schema['x-kubernetes-list-map-keys'];
  return keys === undefined ? 'must not be in the list twice' : `another item has the same ${keys.join(' and ')}`;
}

/** The same text for equal values, whatever the order of their members. */
function canonical(value: Json): Json {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, member]) => [name, canonical(member)])
      .sort(),
  );
}
