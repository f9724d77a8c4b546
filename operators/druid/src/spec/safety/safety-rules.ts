/** What specs may ask of Druid beyond what is safe for every tenant; told by flags of the operator. */
export interface SafetyRules {
  /** Input sources besides those that read what Druid can read anyway: `http`, `sql` ... */
  readonly allowedInputSources: readonly string[];
  /** Names of Kafka consumer properties besides the known harmless ones. */
  readonly allowedConsumerProperties: readonly string[];
  /** JavaScript in parsers, filters, transforms and aggregators. */
  readonly allowsJavaScript: boolean;
}

/** Nothing beyond what is safe for every tenant. */
export const strictRules: SafetyRules = {
  allowedInputSources: [],
  allowedConsumerProperties: [],
  allowsJavaScript: false,
};
