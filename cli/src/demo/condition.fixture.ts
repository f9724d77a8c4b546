import type { Condition } from '@capstan/kube';

/** A condition with the parts that a test is about. */
export function condition(type: string, status: Condition['status'], reason: string, message = ''): Condition {
  return { type, status, reason, message, lastTransitionTime: '2026-01-01T00:00:00Z' };
}
