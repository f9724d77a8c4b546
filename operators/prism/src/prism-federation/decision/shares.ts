import type { MemberRules } from './decision.ts';

/**
 * Whole percentages in the proportion of the weights, by name: each at least 1, all together 100. Empty without members.
 * At most 100 members, each with a weight above 0.
 */
export function sharesOf(members: readonly MemberRules[]): Readonly<Record<string, number>> {
  const total = members.reduce((sum, { weight }) => sum + weight, 0);
  const exact = members.map(({ name, weight }) => ({ name, exact: (weight * 100) / total }));
  const shares = new Map(exact.map((each) => [each.name, Math.max(1, Math.floor(each.exact))]));
  const byNeed = exact.toSorted((a, b) => (b.exact % 1) - (a.exact % 1) || byName(a, b));
  for (let next = 0; members.length > 0 && sumOf(shares) < 100; next += 1)
    add(shares, byNeed[next % byNeed.length]?.name, 1);
  while (sumOf(shares) > 100) add(shares, largestOf(shares), -1);
  return Object.fromEntries(shares);
}

/** By code unit, so that it is the same everywhere. */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function sumOf(shares: ReadonlyMap<string, number>): number {
  return [...shares.values()].reduce((sum, share) => sum + share, 0);
}

function add(shares: Map<string, number>, name: string | undefined, more: number): void {
  if (name !== undefined) shares.set(name, (shares.get(name) ?? 0) + more);
}

function largestOf(shares: ReadonlyMap<string, number>): string | undefined {
  return [...shares].toSorted(([a, left], [b, right]) => right - left || byName({ name: a }, { name: b }))[0]?.[0];
}
