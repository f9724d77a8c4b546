import type { OperatorAccount } from '@capstan/testkit';
import type { Exhibit, Show } from './exhibits/exhibit.ts';

/** An exhibit with all that it needs outside the cluster. */
export interface OpenExhibit {
  readonly exhibit: Exhibit;
  readonly show: Show;
}

/** An exhibit whose operator works in the cluster. */
export interface StagedExhibit extends OpenExhibit {
  readonly account: OperatorAccount;
}
