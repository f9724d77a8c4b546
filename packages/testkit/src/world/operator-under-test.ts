import type { PassRecord } from '@capstan/runtime';

/** One line of an operator's log: its JSON, or the text where it is none. */
export interface LogLine {
  readonly level?: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** An operator at work in a test, in this process or in one of its own. */
export interface OperatorUnderTest {
  /** Why it ended although nobody stopped it. */
  readonly failure: Error | undefined;
  /** Whether work is under way or due, as far as can be known from here. */
  readonly isBusy: boolean;
  /** The newest passes, oldest first; empty for an operator in another process. */
  readonly passes: readonly PassRecord[];
  /** What it logged, oldest first. */
  logs(): readonly LogLine[];
  /** Stops it as SIGTERM would; resolves when it has ended. Throws when it did not end well. */
  stop(): Promise<void>;
  /** Ends it with SIGKILL: it gets to do nothing more. Only a process of its own can be killed. */
  kill(): Promise<void>;
}

/** Reads a line of a log. */
export function logLineOf(text: string): LogLine {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return { msg: '', ...value };
  } catch {
    // Not JSON: what a crashing Node prints, for one.
  }
  return { msg: text };
}
