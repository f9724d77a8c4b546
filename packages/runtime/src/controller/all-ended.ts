/**
 * What all of these come to. Waits for every one of them before the first error is thrown on: nothing of a pass may be under way
 * when it has ended, for the next one of the same resource may begin.
 */
export async function allEnded<T>(works: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(works);
  return Promise.all(works);
}
