import { type TArray, type TEnum, type TSchema, type TUnsafe, Type } from 'typebox';
import type { Json, ValidationRule } from './json-schema.ts';
import type { Defaulted, Nullable, TMap, ValueOf } from './value.ts';

/** What may be said of any schema. Every field of a spec or status needs a `description`: `kubectl explain` shows it. */
export interface FieldOptions {
  readonly description?: string;
  /** CEL rules on the value; see {@link rule}. */
  readonly rules?: readonly ValidationRule[];
}

/** Bounds of a list. A list with rules inside needs `maxItems`: the API server budgets the cost of CEL by it. */
export interface ListOptions extends FieldOptions {
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** Bounds of a map. */
export interface MapOptions extends FieldOptions {
  readonly minProperties?: number;
  readonly maxProperties?: number;
}

/**
 * A CEL rule: the value is refused, with `message`, where the expression is not true.
 *
 * @example
 * ```ts
 * const bounds = { minReplicas: Type.Integer(), maxReplicas: Type.Integer() };
 * Type.Object(bounds, { rules: [rule('self.minReplicas <= self.maxReplicas', 'minReplicas must not exceed maxReplicas')] });
 * ```
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules
 */
export function rule(
  expression: string,
  message: string,
  options: Omit<ValidationRule, 'rule' | 'message'> = {},
): ValidationRule {
  return { rule: expression, message, ...options };
}

/** A rule that forbids any change of the value after it was first set. */
export function immutable(message: string): ValidationRule {
  return rule('self == oldSelf', message);
}

/**
 * A field that the API server fills in when it is left out. After that it is always present, and its type says so.
 * The default applies only where the parent is present or has a default itself.
 */
export function withDefault<Schema extends TSchema>(
  schema: Schema,
  value: ValueOf<Schema, 'write'>,
): Schema & Defaulted {
  return marked(schema, { default: value, '~default': true as const });
}

/** A field that accepts an explicit `null`. */
export function nullable<Schema extends TSchema>(schema: Schema): Schema & Nullable {
  return marked(schema, { nullable: true, '~nullable': true as const });
}

/** One of a fixed set of strings. */
export function stringEnum<const Values extends readonly [string, ...string[]]>(
  values: Values,
  options: FieldOptions = {},
): TEnum<[...Values]> {
  return Type.Enum<[...Values]>(values, { type: 'string', ...options });
}

/** A number, or a string such as a percentage or a port name. */
export function intOrString(
  options: FieldOptions & { readonly pattern?: string; readonly maxLength?: number } = {},
): TUnsafe<number | string> {
  return Type.Unsafe<number | string>({ ...intOrStringSchema, ...options });
}

/** A Kubernetes quantity: `500m`, `1.5`, `10Gi`, or a bare number. A rule on it needs `maxLength`, for its cost is budgeted. */
export function quantity(options: FieldOptions & { readonly maxLength?: number } = {}): TUnsafe<number | string> {
  return Type.Unsafe<number | string>({ ...intOrStringSchema, pattern: QUANTITY_PATTERN, ...options });
}

/** A map from strings to strings, such as labels or annotations. */
export function stringMap(options: MapOptions = {}): TUnsafe<Readonly<Record<string, string>>> {
  return Type.Unsafe({ type: 'object', additionalProperties: Type.String(), ...options });
}

/** A map from strings to values of one schema. */
export function mapOf<Value extends TSchema>(value: Value, options: MapOptions = {}): TMap<Value> {
  const schema: TSchema = marked({}, { '~kind': 'Map', type: 'object', additionalProperties: value, ...options });
  return schema as TMap<Value>; // built on the line above with exactly these members
}

/** A list whose items are told apart by the fields named in `keys`, and merged by them in server-side apply. */
export function listMap<Item extends TSchema>(
  item: Item,
  keys: readonly [string, ...string[]],
  options: ListOptions = {},
): TArray<Item> {
  return Type.Array(item, { ...options, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys });
}

/** A list of distinct scalars, merged as a set in server-side apply. */
export function listSet<Item extends TSchema>(item: Item, options: ListOptions = {}): TArray<Item> {
  return Type.Array(item, { ...options, 'x-kubernetes-list-type': 'set' });
}

/** An object that is kept as it is, whatever is in it. */
export function freeForm(options: FieldOptions = {}): TUnsafe<{ readonly [key: string]: Json }> {
  return Type.Unsafe({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true, ...options });
}

/** Any JSON value, kept as it is. */
export function anyJson(options: FieldOptions = {}): TUnsafe<Json> {
  return Type.Unsafe<Json>({ 'x-kubernetes-preserve-unknown-fields': true, ...options });
}

const intOrStringSchema = {
  anyOf: [{ type: 'integer' }, { type: 'string' }],
  'x-kubernetes-int-or-string': true,
};

/** The pattern controller-gen writes for `resource.Quantity`. */
export const QUANTITY_PATTERN =
  '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$';

/** A copy of a schema with more members; those that start with `~` stay out of enumeration, as typebox keeps its own. */
function marked<Schema extends TSchema, Marks>(schema: Schema, members: Marks & object): Schema & Marks {
  const copy = Object.create(null, Object.getOwnPropertyDescriptors(schema)) as object;
  for (const [name, value] of Object.entries(members)) {
    Object.defineProperty(copy, name, { value, enumerable: !name.startsWith('~'), configurable: true, writable: true });
  }
  return copy as Schema & Marks; // the loop above has just added the marks
}
