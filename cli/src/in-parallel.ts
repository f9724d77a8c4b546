/**
 * Gives every item to `work`, in order, at most `width` at a time.
 * @param isOver ends it early: what has begun is finished, nothing else begins
 * @throws what `work` throws, the first of several
 */
export async function inParallel<T>(
  items: readonly T[],
  { width, isOver }: { readonly width: number; readonly isOver: () => boolean },
  work: (item: T) => Promise<void>,
): Promise<void> {
  // One iterator for all workers, so that each item is taken once.
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      if (isOver()) return;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
}
