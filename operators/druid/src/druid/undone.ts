import type { Answer } from './druid-api.ts';

/**
 * Whether it is certain that what was asked for was not done: no connection came to stand, the request was never sent, the router
 * knew of nobody to pass it on to, or Druid said (4xx) that it could not do it now. All other silence leaves it open. Pure.
 */
export function isUndone({ reason, status }: Extract<Answer<never>, { kind: 'Unreachable' }>): boolean {
  if (reason === 'Unavailable') return status !== undefined && (status < 500 || status === 503);
  return reason === 'NoConnection' || reason === 'Busy' || reason === 'NotAllowed' || reason === 'Untrusted';
}
