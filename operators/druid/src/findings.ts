import type { Failure } from '@capstan/runtime';
import type { Missing } from './connection/connect.ts';
import type { Ledger } from './converge/ledger.ts';
import type { Trouble } from './converge/not-answered.ts';
import type { Refusal } from './judge/guard.ts';
import type { Understood } from './spec/understand.ts';

/** All that status and events are made of: how far a pass came, and what ended it. */
export interface Findings {
  readonly ledger: Ledger;
  readonly refusal?: Refusal;
  /** What was missing before Druid could be asked. */
  readonly missing?: Missing;
  /** Why Druid did not do what it was asked. */
  readonly trouble?: Trouble;
  readonly understood?: Understood;
  /** HTTP status of the last answer in this pass. */
  readonly lastHttpStatus?: number;
  readonly isSuspended: boolean;
  /** Druid was asked in this pass, or should have been: it is looked at again. */
  readonly isLookedAfter?: boolean;
  /** Children that could not be written. */
  readonly failures: readonly Failure[];
}
