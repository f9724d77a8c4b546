import type { KubeObject } from '@capstan/kube';
import { isRecord } from './json-value.ts';

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One operation of a JSON patch. */
export interface Operation {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: string;
  readonly value?: unknown;
}

interface Place {
  readonly path: string;
  readonly value: unknown;
  readonly inList: boolean;
}

/** Not for others to write, or written by the server with every change; and owners, on whom the garbage collector would act. */
const UNTOUCHED =
  /^\/(apiVersion|kind|status)|^\/metadata\/(name|namespace|uid|resourceVersion|generation|creationTimestamp|managedFields|selfLink|ownerReferences)/;

/** A random edit somewhere in the object: another value, one less, one more, or another order. */
export function randomEdit(object: KubeObject, random: () => number): Operation {
  const places = placesIn(object, '').filter(
    ({ path }) => path !== '' && !UNTOUCHED.test(path) && path !== '/metadata' && path !== '/spec',
  );
  const place = pick(places, random) ?? { path: '/metadata/labels', value: {}, inList: false };
  const { path, value, inList } = place;
  const dice = random();
  // None and an empty list mean the same, and only the server could tell them apart.
  const isEmptyList = Array.isArray(value) && value.length === 0;
  if (dice < 0.25 && !isEmptyList) return { op: 'remove', path };
  if (Array.isArray(value)) return editOfList(path, value, random);
  if (isRecord(value))
    return { op: 'add', path: `${path}/fuzz-${Math.floor(random() * 3)}`, value: pick(['x', 1, true, {}, ''], random) };
  if (inList && dice < 0.4) return { op: 'add', path, value: mutated(value, random) };
  return { op: 'replace', path, value: mutated(value, random) };
}

function editOfList(path: string, list: readonly unknown[], random: () => number): Operation {
  const item = pick(list, random);
  if (item === undefined) return { op: 'add', path: `${path}/-`, value: 'x' };
  if (random() < 0.4) return { op: 'replace', path, value: list.toReversed() };
  return { op: 'add', path: `${path}/-`, value: mutated(item, random) };
}

function mutated(value: unknown, random: () => number): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return pick([value + 1, value, 0, String(value)], random);
  if (typeof value === 'string') return pick([`${value}x`, value, '', 'x', '1Gi', '1024Mi', '2', 'eA=='], random);
  if (Array.isArray(value)) return value.map((item) => (random() < 0.5 ? mutated(item, random) : item));
  if (!isRecord(value)) return 'x';
  const changed = pick(Object.keys(value), random);
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, key === changed ? mutated(field, random) : field]),
  );
}

function placesIn(value: unknown, path: string, inList = false): readonly Place[] {
  const below = Array.isArray(value)
    ? value.flatMap((item, index) => placesIn(item, `${path}/${index}`, true))
    : isRecord(value)
      ? Object.entries(value).flatMap(([key, field]) =>
          placesIn(field, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
        )
      : [];
  return [{ path, value, inList }, ...below];
}

function pick<T>(items: readonly T[], random: () => number): T | undefined {
  return items[Math.floor(random() * items.length)];
}
