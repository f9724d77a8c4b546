/** What specs may ask of Druid beyond what is safe for every tenant; told by flags of the operator. */
export interface SafetyRules {
  /** Input sources besides those that read what Druid can read anyway: `http`, `sql` ... */
  readonly allowedInputSources: readonly string[];
  /** Types of lookups besides those that hold their entries themselves: `uri`, `jdbc`, `kafka` ... */
  readonly allowedLookups: readonly string[];
  /** Names of Kafka consumer properties besides the known harmless ones. */
  readonly allowedConsumerProperties: readonly string[];
  /** JavaScript in parsers, filters, transforms and aggregators. */
  readonly allowsJavaScript: boolean;
}

/** Nothing beyond what is safe for every tenant. */
export const strictRules: SafetyRules = {
  allowedInputSources: [],
  allowedLookups: [],
  allowedConsumerProperties: [],
  allowsJavaScript: false,
};
