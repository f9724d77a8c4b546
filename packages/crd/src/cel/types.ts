import type { Environment } from '@marcbachmann/cel-js';
import { isJsonObject, type Json, type JsonSchema, memberSchema } from '../json-schema.ts';
import { celIdentifier } from './identifier.ts';
import { Quantity } from './quantity.ts';

/** How the values of one schema appear in a rule. */
export interface CelType {
  /** The name a rule's type check knows it by, such as `int`, `list<string>` or the name of an object type. */
  readonly name: string;
  /** Turns a JSON value of the schema into what the CEL library computes with. */
  readonly convert: (value: Json) => unknown;
}

/** What types are made for. */
export interface CelTypesOptions {
  /**
   * For `check`, a value that may be null has the type it has otherwise, as in Kubernetes' type check: comparing a nullable string
   * with null is refused. For `evaluation`, it can be either.
   */
  readonly purpose: 'check' | 'evaluation';
  /** The fields that rules name. The others are only ever compared, as parts of a whole, and cost no registered type. */
  readonly fields: ReadonlySet<string>;
}

/** Turns schemas into CEL types and registers the object types among them. */
export class CelTypes {
  readonly #environment: Environment;
  readonly #options: CelTypesOptions;
  #count = 0;

  constructor(environment: Environment, options: CelTypesOptions) {
    this.#environment = environment;
    this.#options = options;
  }

  /**
   * The type of a schema, or undefined where rules cannot see such values: free-form data, and strings with a format that CEL
   * knows as another type.
   */
  of(schema: JsonSchema): CelType | undefined {
    const type = this.#of(schema);
    if (type === undefined || schema.nullable !== true || this.#options.purpose === 'check') return type;
    return { name: 'dyn', convert: (value) => (value === null ? null : type.convert(value)) };
  }

  #of(schema: JsonSchema): CelType | undefined {
    if (schema['x-kubernetes-int-or-string'] === true) return { name: 'dyn', convert: integerOrSame };
    switch (schema.type) {
      case 'boolean':
        return { name: 'bool', convert: same };
      case 'integer':
        return { name: 'int', convert: integerOrSame };
      case 'number':
        return { name: 'double', convert: same };
      case 'string':
        return schema.format === undefined || !OTHER_TYPES.has(schema.format)
          ? { name: 'string', convert: same }
          : undefined;
      case 'array':
        return this.#listOf(schema);
      case 'object':
        return schema.additionalProperties === undefined
          ? this.#objectOf(schema)
          : this.#mapOf(schema.additionalProperties);
      default:
        return undefined;
    }
  }

  /** The items of sets and of list-maps are compared without regard to their order, as Kubernetes does. */
  #listOf(schema: JsonSchema): CelType | undefined {
    const item = schema.items === undefined ? undefined : this.of(schema.items);
    if (item === undefined) return undefined;
    return {
      name: `list<${item.name}>`,
      convert: (value) => {
        const items = Array.isArray(value) ? value.map((one: Json) => item.convert(one)) : [];
        return hasOrder(schema) ? items : unordered(items);
      },
    };
  }

  #mapOf(values: JsonSchema): CelType | undefined {
    const type = this.of(values);
    if (type === undefined) return undefined;
    return {
      name: `map<string, ${type.name}>`,
      convert: (value) =>
        new Map(isJsonObject(value) ? Object.entries(value).map(([name, member]) => [name, type.convert(member)]) : []),
    };
  }

  #objectOf(schema: JsonSchema): CelType {
    const members = new Map<string, Member>();
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      const field = celIdentifier(name);
      // The library tells the type of an object by its `constructor`, so no field can be seen under that name.
      if (field === undefined || field === 'constructor') continue;
      const type = this.#options.fields.has(field) ? this.of(property) : comparedOnly(property);
      if (type !== undefined) members.set(name, { field, type });
    }
    this.#count += 1;
    const name = `Object${this.#count}`;
    const ctor = class extends CelObject {};
    const fields = Object.fromEntries([...members.values()].map(({ field, type }) => [field, type.name]));
    this.#environment.registerType(name, { ctor, fields });
    this.#environment.registerOperator(`${name} == ${name}`, celEqual);
    return { name, convert: (value) => objectWith(new ctor(), members, value) };
  }
}

interface Member {
  readonly field: string;
  readonly type: CelType;
}

function objectWith(object: CelObject, members: ReadonlyMap<string, Member>, value: Json): CelObject {
  for (const [name, content] of isJsonObject(value) ? Object.entries(value) : []) {
    const member = members.get(name);
    if (member === undefined) continue;
    Object.defineProperty(object, member.field, { value: member.type.convert(content), enumerable: true });
  }
  return object;
}

/** The type of a field that no rule names: good for comparing what it is inside of. */
function comparedOnly(schema: JsonSchema): CelType {
  return { name: 'dyn', convert: (value) => comparable(schema, value) };
}

function comparable(schema: JsonSchema, value: Json): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => comparable(schema.items ?? {}, item));
    return hasOrder(schema) ? items : unordered(items);
  }
  if (isJsonObject(value)) {
    return new Map(
      Object.entries(value).map(([name, member]) => [name, comparable(memberSchema(schema, name) ?? {}, member)]),
    );
  }
  return value;
}

/** Whether the order of a list's items counts: it does not in sets and list-maps. */
function hasOrder(schema: JsonSchema): boolean {
  const listType = schema['x-kubernetes-list-type'];
  return listType !== 'set' && listType !== 'map';
}

const OTHER_TYPES: ReadonlySet<string> = new Set(['byte', 'date', 'date-time', 'duration']);

const same = (value: Json): unknown => value;

function integerOrSame(value: Json): unknown {
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
}

/** An object of a rule: its fields are own properties, which is where the library looks for them. */
class CelObject {}

/** The lists whose order does not count: sets and list-maps. */
const UNORDERED = Symbol('unordered');

function unordered(items: readonly unknown[]): readonly unknown[] {
  return Object.defineProperty([...items], UNORDERED, { value: true });
}

/** True for a list whose order does not count. */
export function isUnordered(value: unknown): boolean {
  return Array.isArray(value) && UNORDERED in value;
}

/** Equality of two values of rules, all the way down. For a list, the left side says whether the order counts. */
export function celEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return listsEqual(a, b);
  if (a instanceof Map && b instanceof Map) return mapsEqual(a, b);
  if (a instanceof CelObject && b instanceof CelObject) {
    return mapsEqual(new Map(Object.entries(a)), new Map(Object.entries(b)));
  }
  if (a instanceof Quantity && b instanceof Quantity) return a.compareTo(b) === 0;
  // biome-ignore lint/suspicious/noDoubleEquals: an integer and a double are equal when their values are
  return isNumeric(a) && isNumeric(b) && a == b;
}

function listsEqual(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  if (!isUnordered(a)) return a.every((item, index) => celEqual(item, b[index]));
  return a.every((item) => b.some((other) => celEqual(item, other)));
}

function mapsEqual(a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.has(key) && celEqual(value, b.get(key)));
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}
