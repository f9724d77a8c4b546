/** What one broker says of itself. */
export type BrokerAnswer =
  | { readonly kind: 'Leads' }
  | { readonly kind: 'Follows' }
  /** It was asked and gave no answer that can be used. */
  | { readonly kind: 'Silent'; readonly why: string };

/** Who leads, as far as the brokers tell. */
export type Leadership =
  /** Exactly one broker says that it leads, and every other one that it does not. */
  | { readonly kind: 'One'; readonly leader: string }
  /** Every broker answered, and none leads: there is no quorum. */
  | { readonly kind: 'None' }
  /** More than one cluster has formed, or a leader does not know yet that it was replaced. */
  | { readonly kind: 'Several'; readonly leaders: readonly string[] }
  /**
   * Not every broker has said. `Unready`: those that accept clients have answered, and others do not accept any; `Silent`: one gave
   * no answer; `Unasked`: nobody was asked. `leader`: the only one that says it leads.
   */
  | {
      readonly kind: 'Unknown';
      readonly cause: 'Unready' | 'Silent' | 'Unasked';
      readonly why: string;
      readonly leader?: string;
    };

/**
 * Sums the answers of brokers up.
 *
 * @param expected how many brokers there should be
 * @param answers by pod name, of those that were asked; a broker is asked only once its client port is open
 */
export function leadershipOf(expected: number, answers: ReadonlyMap<string, BrokerAnswer>): Leadership {
  const leaders = [...answers].filter(([, { kind }]) => kind === 'Leads').map(([pod]) => pod);
  if (leaders.length > 1) return { kind: 'Several', leaders: leaders.sort() };
  const [leader] = leaders;
  const silent = [...answers].flatMap(([pod, answer]) => (answer.kind === 'Silent' ? [`${pod}: ${answer.why}`] : []));
  const known = leader === undefined ? {} : { leader };
  if (silent.length > 0) return { kind: 'Unknown', cause: 'Silent', why: silent.sort().join('; '), ...known };
  if (answers.size < expected) {
    const why = `${expected - answers.size} of ${expected} brokers accept no clients`;
    return { kind: 'Unknown', cause: 'Unready', why, ...known };
  }
  return leader === undefined ? { kind: 'None' } : { kind: 'One', leader };
}
