import type { WantedCondition as AnyCondition } from '@capstan/runtime';
import type { ConditionType, Reason } from '../api/v1alpha1/conditions.ts';

/** A condition of a cluster before it has a time. The reason is one of ours, or that of a failed write. */
export interface WantedCondition extends AnyCondition {
  readonly type: ConditionType;
  readonly reason: Reason | (string & {});
}

/** The part of a condition that says why. */
export type Explanation = Pick<WantedCondition, 'reason' | 'message'>;
