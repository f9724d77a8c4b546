/** The operator for the same resources that this one replaces, by the Lease it leads with. */
export const streamBusRivals = [{ lease: 'streambus-operator-lock', what: 'the original StreamBus operator' }] as const;
