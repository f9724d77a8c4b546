import type { WantedCondition as AnyCondition } from '@capstan/runtime';
import type { PatternConditionType, PatternReason } from '../api/v1beta1/conditions.ts';

/** `False` while something is left of what the original operator made for the pattern; absent when nothing is. */
export type SuccessionConditionType = 'OriginalRetired';

/** A condition of a pattern before it has a time. The reason is one of ours, or that of a failed write. */
export interface WantedPatternCondition extends AnyCondition {
  readonly type: PatternConditionType | SuccessionConditionType;
  readonly reason: PatternReason | (string & {});
}
