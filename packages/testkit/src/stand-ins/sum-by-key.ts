/** Adds up counts that have the same key. */
export function sumByKey(counts: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const each of counts)
    for (const [key, count] of Object.entries(each)) sums.set(key, (sums.get(key) ?? 0) + count);
  return Object.fromEntries(sums);
}
