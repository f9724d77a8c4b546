import type { Answer } from '../druid/druid-api.ts';

/** Why Druid did not do what it was asked, without judging it: it let us not, or was not there. */
export type Trouble = Extract<Answer<never>, { kind: 'Denied' | 'Unreachable' }>;

/** Ends a pass's talk with Druid: what comes after would not be answered either. */
export class NotAnswered extends Error {
  override readonly name = 'NotAnswered';
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(trouble.message);
    this.trouble = trouble;
  }
}
