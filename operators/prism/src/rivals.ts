/** The operator for the same resources that this one replaces, by the Lease it leads with. */
export const prismRivals = [{ lease: 'prism-operator-leader-election', what: 'the original Prism operator' }] as const;
