import type { Answer } from './druid-api.ts';

/**
 * Whether it is certain that what was asked for was not done, because Druid never got to it: no connection came to stand, the request
 * was never sent, or the router knew of nobody to pass it on to. All other silence leaves it open. Pure.
 */
export function isUndone({ reason, status }: Extract<Answer<never>, { kind: 'Unreachable' }>): boolean {
  if (reason === 'Unavailable') return status === 503;
  return reason === 'NoConnection' || reason === 'Busy' || reason === 'NotAllowed' || reason === 'Untrusted';
}
