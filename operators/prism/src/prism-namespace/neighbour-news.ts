import type { ObjectRef } from '@capstan/kube';
import type { CacheReader, EventSource } from '@capstan/runtime';
import { PrismNamespace } from '../api/v1alpha2/prism-namespace.ts';
import { isNeighbour, mostTold } from './neighbours.ts';
import { limitedIndex, limitedKeyOf } from './watched-objects.ts';

type Cache = Pick<CacheReader<PrismNamespace>, 'get' | 'list' | 'byIndex'>;

/**
 * Tells namespaces that limit their Kubernetes namespace when another one comes or goes there: whether they may depends on it. It is
 * told from the pass of the other, when the cache that theirs reads is certain to know of it; a watch of its own could be ahead of that.
 * Where there are more than are told by name, one more or less changes nothing, and nobody is told.
 */
export class NeighbourNews implements EventSource {
  readonly name = 'neighbours';
  readonly #known = new Set<string>();
  #emit: ((ref: ObjectRef, reason: string) => void) | undefined;

  async run(emit: (ref: ObjectRef, reason: string) => void, signal: AbortSignal): Promise<void> {
    this.#emit = emit;
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
    this.#emit = undefined;
    this.#known.clear();
  }

  /** A pass sees a namespace; it is news once. */
  came(namespace: PrismNamespace, cache: Cache): void {
    const key = keyOf(namespace);
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.#tell(namespace, 'came', cache);
  }

  /** A namespace is on its way out. */
  went(namespace: PrismNamespace, cache: Cache): void {
    this.#known.delete(keyOf(namespace));
    this.#tell(namespace, 'went', cache);
  }

  #tell({ metadata }: PrismNamespace, verb: 'came' | 'went', cache: Cache): void {
    const concerned = cache
      .byIndex(limitedIndex, limitedKeyOf(metadata))
      .filter((each) => each.metadata.name !== metadata.name);
    if (concerned.length === 0 || isCrowded(metadata, cache)) return;
    for (const each of concerned) this.#emit?.(each.metadata, `PrismNamespace/${metadata.name} ${verb}`);
  }
}

/** Whether whoever is there has more neighbours than are told by name, with and without one of them. */
function isCrowded({ namespace }: ObjectRef, cache: Cache): boolean {
  let count = 0;
  for (const each of cache.list(PrismNamespace, { namespace })) {
    if (isNeighbour(each, cache)) count += 1;
    // Each is not its own neighbour, and the one that came may be counted.
    if (count > mostTold + 2) return true;
  }
  return false;
}

function keyOf({ metadata: { namespace, name } }: PrismNamespace): string {
  return `${namespace}/${name}`;
}
