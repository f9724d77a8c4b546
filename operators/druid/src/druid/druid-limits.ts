/** What one call may take. Times in ms, for the whole call with its redirects. */
export interface DruidLimits {
  /** Until a connection stands, TLS included. */
  readonly connectMs: number;
  /** For an answer to a question. */
  readonly readMs: number;
  /** For a change. */
  readonly writeMs: number;
  /** For what waits for a supervisor to come to a halt: up to a minute where its stream is gone. */
  readonly haltMs: number;
  /** Of the body of an answer, in bytes. */
  readonly bodyBytes: number;
  /** Of one that repeats what somebody has set: Druid shows a spec twice over, with every default. */
  readonly repeatedBytes: number;
  /** How many redirects one call follows. */
  readonly redirects: number;
  /** How many calls of the quick kind one Druid has at a time. */
  readonly inFlight: number;
  /** How many calls that wait for a supervisor to halt one Druid has at a time, beside the others. */
  readonly haltsInFlight: number;
}

/** The limits that hold unless others are given. */
export const defaultLimits: DruidLimits = {
  connectMs: 3_000,
  readMs: 10_000,
  writeMs: 30_000,
  haltMs: 90_000,
  bodyBytes: 1_048_576,
  repeatedBytes: 33_554_432,
  redirects: 3,
  inFlight: 8,
  haltsInFlight: 4,
};
