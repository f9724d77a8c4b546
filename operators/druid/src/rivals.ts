/** The operator for the same resources that this one replaces, by the Lease it leads with. */
export const druidRivals = [{ lease: 'e6946145.apache.org', what: 'the existing Druid operator' }] as const;
