import type { ObjectKey } from '../cache/object-key.ts';

/**
 * Children that were deleted while their owner stood, by their names in the memory. What is known of them is kept, so that their
 * return counts as a repair; it is to be forgotten when the owner goes, or does not want them any more.
 */
export class MissingChildren {
  readonly #byOwner = new Map<ObjectKey, Set<string>>();

  /** Owners with missing children. */
  get size(): number {
    return this.#byOwner.size;
  }

  add(owner: ObjectKey, child: string): void {
    this.#byOwner.set(owner, (this.#byOwner.get(owner) ?? new Set()).add(child));
  }

  /** @returns the missing children of the owner that are not wanted; they are not kept any longer */
  takeUnwanted(owner: ObjectKey, wanted: ReadonlySet<string>): readonly string[] {
    const missing = this.#byOwner.get(owner);
    const unwanted = [...(missing ?? [])].filter((child) => !wanted.has(child));
    for (const child of unwanted) missing?.delete(child);
    if (missing?.size === 0) this.#byOwner.delete(owner);
    return unwanted;
  }
}
