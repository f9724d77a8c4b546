import { ApiError, TransportError } from '@capstan/kube';
import { checkReason, isReason } from './reason.ts';

/**
 * Only the user can end this: the pass is not tried again until the resource, or something it depends on, changes. Becomes the
 * condition `Stalled` (with `Ready` and `Reconciling`), where the status has a list of conditions, and an event.
 *
 * @example
 * ```ts
 * throw new TerminalError('StorageShrinkForbidden', 'spec.storage.size: claims cannot shrink below 10Gi; ask for at least that');
 * ```
 */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
  /** PascalCase, at most 128 characters. */
  readonly reason: string;

  /**
   * @param message what is wrong, where, and what to do; shown to the user
   * @throws {TypeError} when `reason` is not one word in PascalCase
   */
  constructor(reason: string, message: string, options?: { readonly cause?: unknown }) {
    checkReason(reason);
    super(message, options);
    this.reason = reason;
  }
}

/** An error that only the user can end, whoever throws it. */
export interface Terminal extends Error {
  /** PascalCase, at most 128 characters. */
  readonly reason: string;
}

/**
 * Whether an error waits for the user: a {@link TerminalError}, or an error of a package that does not know the runtime and
 * says so of itself by `isTerminal: true` and a `reason`, such as `InvalidChildError` of `@capstan/resources`.
 */
export function isTerminal(error: unknown): error is Terminal {
  if (error instanceof TerminalError) return true;
  if (!(error instanceof Error && 'isTerminal' in error && 'reason' in error)) return false;
  return error.isTerminal === true && typeof error.reason === 'string' && isReason(error.reason);
}

/** Refusals that the same request may escape a moment later: time-outs, conflicts, expired views, overload, server faults. */
const transientStatuses: ReadonlySet<number> = new Set([408, 409, 410, 425, 429]);

/**
 * Whether doing the same again later may work: no answer came, or the API server was busy, out of date or at fault.
 * False for a {@link TerminalError}, for refusals of what was asked, and for errors of unknown origin.
 */
export function isTransient(error: unknown): boolean {
  if (error instanceof TransportError) return true;
  return error instanceof ApiError && (transientStatuses.has(error.status) || error.status >= 500);
}
