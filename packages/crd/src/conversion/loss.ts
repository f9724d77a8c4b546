import { jsonEqual, listKeyOf } from '../correlation.ts';
import { isJsonObject, type Json, type JsonObject, type JsonSchema, memberSchema } from '../json-schema.ts';

/** One step into a value: a field or map entry by its name, the item of a list-map by the values of its keys. */
type Step = string | { readonly item: Json };

/**
 * One thing a conversion lost. At `path`, where the converted value reads `was` after the way back, it really is `is`.
 * Absent members stand for absent values.
 */
export interface Loss {
  readonly path: readonly Step[];
  readonly was?: Json;
  readonly is?: Json;
  /** For an item that a list-map lost: the keys of the item before it, or null where it was the first. */
  readonly after?: Json;
}

/** What must be known besides `was` to have `is` again: `restored(schema, was, losses(schema, was, is))` equals `is`. */
export function losses(schema: JsonSchema, was: Json | undefined, is: Json | undefined): readonly Loss[] {
  if (jsonEqual(was, is)) return [];
  const inner = innerLosses(schema, was, is);
  if (inner !== undefined && jsonEqual(restored(schema, was, inner), is)) return inner;
  return [{ path: [], ...(was === undefined ? {} : { was }), ...(is === undefined ? {} : { is }) }];
}

/** The value with everything put back that was lost, but for what was changed since: that stays as it was changed to. */
export function restored(schema: JsonSchema, value: Json | undefined, lost: readonly Loss[]): Json | undefined {
  return lost.reduce((whole, loss) => putBack(schema, whole, loss, loss.path), value);
}

function innerLosses(schema: JsonSchema, was: Json | undefined, is: Json | undefined): readonly Loss[] | undefined {
  if (isJsonObject(was) && isJsonObject(is)) return memberLosses(schema, was, is);
  if (isKeyedList(schema, was) && isKeyedList(schema, is)) return itemLosses(schema, was, is);
  return undefined;
}

function memberLosses(schema: JsonSchema, was: JsonObject, is: JsonObject): readonly Loss[] {
  const names = new Set([...Object.keys(was), ...Object.keys(is)]);
  return [...names].flatMap((name) =>
    losses(memberSchema(schema, name) ?? {}, ownMember(was, name), ownMember(is, name)).map((loss) =>
      below(name, loss),
    ),
  );
}

function itemLosses(schema: JsonSchema, was: readonly Json[], is: readonly Json[]): readonly Loss[] {
  const keyOf = (item: Json): Json => listKeyOf(schema, item);
  const gone = was
    .filter((item) => itemAt(schema, is, keyOf(item)) === undefined)
    .map((item): Loss => ({ path: [{ item: keyOf(item) }], was: item }));
  const there = is.flatMap((item, index) => {
    const key = keyOf(item);
    const before = itemAt(schema, was, key);
    const previous = is[index - 1];
    if (before === undefined)
      return [{ path: [{ item: key }], is: item, after: previous === undefined ? null : keyOf(previous) }];
    return losses(schema.items ?? {}, before, item).map((loss) => below({ item: key }, loss));
  });
  return [...gone, ...there];
}

function below(step: Step, loss: Loss): Loss {
  return { ...loss, path: [step, ...loss.path] };
}

/** A list-map whose items all have keys of their own; others are taken as a whole, for their items have no identity. */
function isKeyedList(schema: JsonSchema, value: Json | undefined): value is readonly Json[] {
  if (schema['x-kubernetes-list-type'] !== 'map' || !Array.isArray(value)) return false;
  const keys = value.map((item: Json) => JSON.stringify(listKeyOf(schema, item)));
  return new Set(keys).size === keys.length;
}

function putBack(schema: JsonSchema, value: Json | undefined, loss: Loss, path: readonly Step[]): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return jsonEqual(value, loss.was) ? loss.is : value;
  if (typeof step === 'string') return putBackMember(schema, value, loss, step, rest);
  return isKeyedList(schema, value) ? putBackItem(schema, value, loss, step.item, rest) : value;
}

function putBackMember(
  schema: JsonSchema,
  value: Json | undefined,
  loss: Loss,
  name: string,
  rest: readonly Step[],
): Json | undefined {
  if (!isJsonObject(value)) return value;
  const { [name]: _, ...others } = value;
  const member = putBack(memberSchema(schema, name) ?? {}, ownMember(value, name), loss, rest);
  return member === undefined ? others : withMember(others, name, member);
}

function putBackItem(schema: JsonSchema, list: readonly Json[], loss: Loss, key: Json, rest: readonly Step[]): Json {
  const item = itemAt(schema, list, key);
  const next = putBack(schema.items ?? {}, item, loss, rest);
  if (item !== undefined) return list.flatMap((each) => (each === item ? (next === undefined ? [] : [next]) : [each]));
  if (next === undefined) return list;
  return inserted(schema, list, next, loss.after);
}

/** After the item it stood behind, first where it was the first, last where that item is gone. */
function inserted(schema: JsonSchema, list: readonly Json[], item: Json, after: Json | undefined): Json {
  if (after === null) return [item, ...list];
  const place = list.findIndex((each) => jsonEqual(listKeyOf(schema, each), after));
  return place < 0 ? [...list, item] : list.toSpliced(place + 1, 0, item);
}

function itemAt(schema: JsonSchema, list: readonly Json[], key: Json): Json | undefined {
  return list.find((item) => jsonEqual(listKeyOf(schema, item), key));
}

function ownMember(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Also for a member called `__proto__`, which an assignment would swallow. */
function withMember(object: JsonObject, name: string, member: Json): JsonObject {
  return Object.fromEntries([...Object.entries(object), [name, member]]);
}
