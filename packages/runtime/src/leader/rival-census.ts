import type { Lease } from '@capstan/kube';
import type { Rival, RivalHolder } from './rival.ts';
import { RivalLease } from './rival-lease.ts';

/** How much of a holder's name is told. */
const longestHolder = 128;

/** One lease of a rival, as it is now. */
export interface RivalSighting {
  readonly rival: Rival;
  readonly namespace: string;
  /** `undefined`: it is not there (any more). */
  readonly lease: Lease | undefined;
  /** Whether it came or changed while we looked, other than being found there. */
  readonly isNews: boolean;
}

/** Which other operators are at work, by all that was seen of their leases. Asks nobody, and reads no clock. */
export class RivalCensus {
  readonly rivals: readonly Rival[];
  readonly #leases = new Map<
    string,
    { readonly seen: RivalLease; readonly rival: Rival; readonly namespace: string }
  >();
  readonly #listeners = new Set<() => void>();

  constructor(rivals: readonly Rival[]) {
    this.rivals = rivals;
  }

  /** Takes note of what was seen at monotonic `at`, and tells those who listen. */
  saw({ rival, namespace, lease, isNews }: RivalSighting, at: number): void {
    const key = `${namespace}/${rival.lease}`;
    const known = this.#leases.get(key) ?? { seen: new RivalLease(), rival, namespace };
    this.#leases.set(key, known);
    known.seen.saw(lease, at, isNews);
    for (const listener of this.#listeners) listener();
  }

  /** Those that may be at work at monotonic `at`. */
  holders(at: number): readonly RivalHolder[] {
    return [...this.#leases.values()].flatMap(({ seen, rival, namespace }) => {
      const holder = seen.holder(at);
      if (holder === undefined) return [];
      return [{ rival, namespace, holder: holder.name.slice(0, longestHolder), isAlive: holder.isAlive }];
    });
  }

  /** Those of them that were seen to work. */
  atWork(at: number): readonly RivalHolder[] {
    return this.holders(at).filter(({ isAlive }) => isAlive);
  }

  /** From when on, in monotonic ms, nobody can be at work, unless something new is seen: in the past when nobody is. */
  get freeAt(): number {
    return Math.max(Number.NEGATIVE_INFINITY, ...[...this.#leases.values()].map(({ seen }) => seen.freeAt));
  }

  /** Calls back after each change. @returns ends that */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
