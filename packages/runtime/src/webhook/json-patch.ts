import { canonicalJson, isRecord } from '../engine/json-value.ts';

/** One operation of a JSON patch (RFC 6902). */
export type JsonPatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

/**
 * The operations that turn one JSON value into another, each as deep as can be. Items of lists are told apart by their
 * place: an insertion in the middle replaces what comes after it.
 *
 * @example
 * ```ts
 * jsonPatch({ a: 1, b: [1] }, { b: [1, 2] }) // [{ op: 'remove', path: '/a' }, { op: 'add', path: '/b/1', value: 2 }]
 * ```
 */
export function jsonPatch(from: unknown, to: unknown, path = ''): readonly JsonPatchOperation[] {
  if (isRecord(from) && isRecord(to)) return memberPatch(from, to, path);
  if (Array.isArray(from) && Array.isArray(to)) return itemPatch(from, to, path);
  return canonicalJson(from) === canonicalJson(to) ? [] : [{ op: 'replace', path, value: to }];
}

function memberPatch(
  from: Readonly<Record<string, unknown>>,
  to: Readonly<Record<string, unknown>>,
  path: string,
): readonly JsonPatchOperation[] {
  const at = (name: string) => `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const isIn = (object: object, name: string) => Object.hasOwn(object, name);
  const removed = Object.keys(from).filter((name) => !isIn(to, name) || to[name] === undefined);
  const others = Object.keys(to).filter((name) => to[name] !== undefined);
  return [
    ...removed.map((name) => ({ op: 'remove', path: at(name) }) as const),
    ...others.flatMap((name) =>
      isIn(from, name)
        ? jsonPatch(from[name], to[name], at(name))
        : [{ op: 'add', path: at(name), value: to[name] } as const],
    ),
  ];
}

/** What is too many goes from the end, so that the places of the others stay. */
function itemPatch(from: readonly unknown[], to: readonly unknown[], path: string): readonly JsonPatchOperation[] {
  const kept = Math.min(from.length, to.length);
  return [
    ...to.slice(0, kept).flatMap((item, index) => jsonPatch(from[index], item, `${path}/${index}`)),
    ...from
      .slice(kept)
      .map((_, index) => ({ op: 'remove', path: `${path}/${kept + index}` }) as const)
      .toReversed(),
    ...to.slice(kept).map((value, index) => ({ op: 'add', path: `${path}/${kept + index}`, value }) as const),
  ];
}
