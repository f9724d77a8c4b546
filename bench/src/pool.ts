/** Calls `work` for every item, at most `width` at once, and resolves when all are done. The first error ends it. */
export async function forEachAtOnce<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const queue = items.values();
  const drain = async (): Promise<void> => {
    // All workers draw from the one iterator, so each item is taken once.
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: width }, drain));
}
