import type { StepObject } from '@capstan/runtime';

/** One node as the roll-out sees it. */
export interface RolloutNode {
  readonly name: string;
  readonly nodeType: string;
  /** What runs its pods. */
  readonly workload: StepObject;
  /** What changes with it and must not change before its turn: its configuration, its Services. */
  readonly beside: readonly StepObject[];
}
