import type { OperatorAccount } from '@capstan/testkit';
import type { Exhibit, Show } from './exhibits/exhibit.ts';
import { type ShippedOperator, shippedOperator } from './repository.ts';

/** An exhibit with all that it needs outside the cluster. */
export interface OpenExhibit {
  readonly exhibit: Exhibit;
  readonly show: Show;
}

/** An exhibit whose operator may work in the cluster. */
export interface StagedExhibit extends OpenExhibit {
  readonly account: OperatorAccount;
}

/** The operator of an exhibit, as this repository has it. */
export function operatorOf({ system }: Exhibit): ShippedOperator {
  return shippedOperator(system);
}
