import { ApiError } from '@capstan/kube';
import { ApplyError } from '../engine/apply-error.ts';
import { isTransient } from '../errors.ts';
import { NotLeading } from '../leader/fenced-client.ts';
import type { Failure } from './outcome.ts';

/**
 * A refused or lost write of one child, as a value for status and events. Errors of unknown origin are retried.
 * @throws the error itself when this process does not lead any more: that is no fault of the child, and ends the pass
 */
export function failureOf(child: string, error: unknown): Failure {
  if (error instanceof NotLeading) throw error;
  if (error instanceof ApplyError)
    return { child, terminal: error.terminal, reason: error.reason, message: error.message };
  if (error instanceof ApiError)
    return { child, terminal: !isTransient(error), reason: error.reason, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return { child, terminal: false, reason: 'NoAnswer', message };
}
