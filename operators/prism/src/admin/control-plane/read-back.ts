import type { NamespaceRequest, PartitionRange, Registered } from './control-plane.ts';

/**
 * What prism-admin shows of a namespace that it was told of. `OutOfSight`: its partition is another proxy's, whose namespaces nobody
 * else is shown. `Missing`: it should have been shown and was not, although prism-admin may have said that it has it.
 */
export type ReadBack = 'Same' | 'Differs' | 'Missing' | 'OutOfSight';

/** Compares a namespace with what a proxy was shown of it. */
export function readBackOf(
  { name, metadata }: Pick<NamespaceRequest, 'name' | 'metadata'>,
  partition: number,
  { ranges, namespaces }: Registered,
): ReadBack {
  const shown = namespaces.find((each) => each.name === name);
  if (shown !== undefined) return isSame(shown.metadata, metadata) ? 'Same' : 'Differs';
  return ranges.some((range) => isIn(range, partition)) ? 'Missing' : 'OutOfSight';
}

function isIn({ start, end }: PartitionRange, partition: number): boolean {
  return start <= partition && partition <= end;
}

type Texts = Readonly<Record<string, string>>;

function isSame(a: Texts, b: Texts): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
