/** What one member of prism-admin says of itself. */
export type MemberAnswer =
  | { readonly kind: 'Leads' }
  | { readonly kind: 'Follows' }
  /** It was asked and gave no answer that can be used. */
  | { readonly kind: 'Silent'; readonly why: string };

/** Who leads prism-admin, as far as its members tell. */
export type Leadership =
  /** Exactly one says that it leads: prism-admin can be written to. */
  | { readonly kind: 'One'; readonly leader: string }
  /** Every ready member answered, and none leads: all are Ready, and nothing can be written. */
  | { readonly kind: 'None' }
  | { readonly kind: 'Several'; readonly leaders: readonly string[] }
  /** None says that it leads, and not all of them have said. */
  | { readonly kind: 'Unknown'; readonly why: string };

/**
 * Sums the answers of members up. One that is not ready does not lead: its metrics are there only once it has seen a leader.
 * @param answers by pod name, of the members that are ready
 */
export function leadershipOf(answers: ReadonlyMap<string, MemberAnswer>): Leadership {
  const leaders = [...answers].filter(([, { kind }]) => kind === 'Leads').map(([pod]) => pod);
  const [leader] = leaders;
  if (leaders.length > 1) return { kind: 'Several', leaders: leaders.sort() };
  if (leader !== undefined) return { kind: 'One', leader };
  if (answers.size === 0) return { kind: 'Unknown', why: 'no member is ready' };
  const silent = [...answers].flatMap(([pod, answer]) => (answer.kind === 'Silent' ? [`${pod}: ${answer.why}`] : []));
  return silent.length === 0 ? { kind: 'None' } : { kind: 'Unknown', why: silent.sort().join('; ') };
}
