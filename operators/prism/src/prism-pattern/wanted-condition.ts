import type { WantedCondition as AnyCondition } from '@capstan/runtime';
import type { PatternConditionType, PatternReason } from '../api/v1beta1/conditions.ts';

/** A condition of a pattern before it has a time. The reason is one of ours, or that of a failed write. */
export interface WantedPatternCondition extends AnyCondition {
  readonly type: PatternConditionType;
  readonly reason: PatternReason | (string & {});
}
