import type { FieldSet, KubeObject } from '@capstan/kube';
import { type FieldPath, fieldPathText } from './field-path.ts';
import { below, elementsOf, nodeAt } from './field-set.ts';
import type { Finding } from './finding.ts';
import { foreignEntries, takerIn } from './managed-fields.ts';
import type { EngineNames } from './seal.ts';

/** The lists that a body (or a live object made from it) declares to hold nothing but ours. */
export function exclusiveLists(
  { metadata: { annotations } }: { readonly metadata: Pick<KubeObject['metadata'], 'annotations'> },
  { exclusiveAnnotation }: EngineNames,
): readonly FieldPath[] {
  const declared = annotations?.[exclusiveAnnotation];
  return declared === undefined ? [] : declared.split(',').map(pathOf);
}

function pathOf(list: string): FieldPath {
  return list
    .replace(/^\./, '')
    .split('.')
    .map((field) => `f:${field}`);
}

/**
 * Items that others put into lists of which we are to have all items, and what they put into items of ours there.
 *
 * @param own the fields of our own entry in `live`
 */
export function foreignItems(
  live: KubeObject,
  own: FieldSet,
  lists: readonly FieldPath[],
  names: EngineNames,
): readonly Finding[] {
  if (lists.length === 0) return [];
  const others = foreignEntries(live, names.fieldManager);
  return lists.flatMap((list) => {
    const ours = nodeAt(own, list);
    const theirs = new Set(others.flatMap(({ fieldsV1 }) => elementsOf(nodeAt(fieldsV1, list) ?? {})));
    return [...theirs]
      .filter((element) => below(ours, element) === undefined)
      .map((element): Finding => {
        const at = [...list, element];
        const takenBy = takerIn(others, at);
        return { kind: 'Foreign', path: fieldPathText(at), at, ...(takenBy !== undefined && { takenBy }) };
      });
  });
}

/** What tells one state of the others' items from another; empty where no list is exclusive. */
export function foreignText(live: KubeObject, names: EngineNames): string {
  const lists = exclusiveLists(live, names);
  if (lists.length === 0) return '';
  const others = foreignEntries(live, names.fieldManager);
  return lists.map((list) => JSON.stringify(others.flatMap(({ fieldsV1 }) => nodeAt(fieldsV1, list) ?? []))).join();
}
