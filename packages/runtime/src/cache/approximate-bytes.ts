import type { KubeObject } from '@capstan/kube';
import type { ObjectStore } from './object-store.ts';

/** Few enough that it costs less than a pass. */
const sampleSize = 20;

/** What V8 takes for an object of small fields, per character of its JSON. */
const heapPerCharacter = 2;

/** About how much memory the objects of a store take, in bytes, judged by the length of a few of them as JSON. */
export function approximateBytes(store: Pick<ObjectStore<KubeObject>, 'values' | 'size'>): number {
  let [sampled, characters] = [0, 0];
  for (const object of store.values()) {
    characters += JSON.stringify(object).length;
    sampled += 1;
    if (sampled === sampleSize) break;
  }
  return sampled === 0 ? 0 : Math.round((characters / sampled) * heapPerCharacter * store.size);
}
