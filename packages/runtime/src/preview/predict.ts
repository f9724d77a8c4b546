import type { Draft, FieldSet, KubeObject } from '@capstan/kube';
import { below, elementsOf, isLeaf } from '../engine/field-set.ts';
import { fieldOf, isRecord } from '../engine/json-value.ts';
import { itemFinder, pairItems } from '../engine/list-items.ts';
import { looseEqual } from '../engine/loose-equal.ts';
import { ownEntry } from '../engine/managed-fields.ts';

/**
 * What a server-side apply of `body` would make of `live`, as far as it can be told without asking: no defaults, no
 * admission. Values that mean the same keep the form they have in `live`; fields of ours that the body leaves out go.
 */
export function predict(body: Draft<KubeObject>, live: KubeObject | undefined, fieldManager: string): KubeObject {
  const named = { ...body, metadata: { ...body.metadata, name: body.metadata.name ?? '' } };
  if (live === undefined) return named;
  const merged = merge(named, live, ownEntry(live, fieldManager)?.fieldsV1);
  // Both sides are objects of one kind, and merging keeps apiVersion, kind and metadata.
  return merged as KubeObject;
}

function merge(desired: unknown, live: unknown, own: FieldSet | undefined): unknown {
  if (isRecord(desired) && isRecord(live)) return mergeMaps(desired, live, own);
  if (looseEqual(desired, live)) return live;
  if (Array.isArray(desired) && Array.isArray(live) && own !== undefined && !isLeaf(own))
    return mergeLists(desired, live, own);
  return desired;
}

function mergeMaps(
  desired: Readonly<Record<string, unknown>>,
  live: Readonly<Record<string, unknown>>,
  own: FieldSet | undefined,
): unknown {
  const dropped = new Set(
    elementsOf(own ?? {})
      .map((element) => element.slice(2))
      .filter((key) => !Object.hasOwn(desired, key)),
  );
  const kept = Object.entries(live).filter(([key]) => !dropped.has(key));
  const merged = Object.entries(desired).map(([key, value]) => [
    key,
    merge(value, fieldOf(live, key), own && below(own, `f:${key}`)),
  ]);
  return Object.fromEntries([...kept, ...merged]);
}

/** Items of ours in the order we want; then those that others added. */
function mergeLists(desired: readonly unknown[], live: readonly unknown[], own: FieldSet): unknown {
  const { elements } = pairItems(desired, own);
  const liveItem = itemFinder(live, own);
  const ours = new Set(elementsOf(own).map(liveItem));
  const merged = desired.map((item, index) => {
    const element = elements[index];
    return element === undefined ? item : merge(item, liveItem(element), below(own, element));
  });
  return [...merged, ...live.filter((item) => !ours.has(item))];
}
