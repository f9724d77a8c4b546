import type { ObjectRef } from '@capstan/kube';
import type { CacheReader, EventSource } from '@capstan/runtime';
import { PrismNamespace } from '../api/v1alpha2/prism-namespace.ts';

type Cache = Pick<CacheReader<PrismNamespace>, 'list'>;

/**
 * Tells namespaces that limit their Kubernetes namespace when another one comes or goes there: whether they may depends on it. It is
 * told from the pass of the other, when the cache that theirs reads is certain to know of it; a watch of its own could be ahead of that.
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
      .list(PrismNamespace, { namespace: metadata.namespace })
      .filter((each) => each.metadata.name !== metadata.name && each.spec?.quota?.resources !== undefined);
    for (const each of concerned) this.#emit?.(each.metadata, `PrismNamespace/${metadata.name} ${verb}`);
  }
}

function keyOf({ metadata: { namespace, name } }: PrismNamespace): string {
  return `${namespace}/${name}`;
}
