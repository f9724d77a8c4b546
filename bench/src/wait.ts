import { type Clock, systemClock } from '@capstan/kube';
import type { AuditedRequest, AuditLog } from '@capstan/testkit';

/** How long the bench waits while nothing gets on before it gives up, so that a fault ends in a sentence. */
const patienceMs = 600_000;

/**
 * Resolves with the time (of the clock, `performance.now` unless told) at which nothing was left to wait for.
 * Throws an Error naming `what` when as much has been left for {@link patienceMs}.
 *
 * @param left how many things are still to happen
 */
export async function untilNone(what: string, left: () => number, clock: Clock = systemClock): Promise<number> {
  let [before, changedAt] = [left(), clock.monotonic()];
  for (let now = before; now > 0; now = left()) {
    if (now !== before) [before, changedAt] = [now, clock.monotonic()];
    if (clock.monotonic() - changedAt > patienceMs)
      throw new Error(`gave up after ${patienceMs / 1_000} s without progress: ${what}, ${now} left`);
    await clock.sleep(20);
  }
  return clock.monotonic();
}

/**
 * Resolves when the user has made no request for `quietMs` but watches and renewals of a Lease; gives everything it asked since `position`.
 * Throws an Error after {@link patienceMs}.
 */
export async function untilQuiet(
  audit: AuditLog,
  user: string,
  position: number,
  quietMs: number,
): Promise<readonly AuditedRequest[]> {
  const seen: AuditedRequest[] = [];
  let [at, lastAt] = [position, performance.now()];
  const deadline = lastAt + patienceMs;
  while (performance.now() - lastAt < quietMs) {
    if (performance.now() > deadline)
      throw new Error(`gave up after ${patienceMs / 1_000} s: ${user} never came to rest`);
    await systemClock.sleep(250);
    const { requests, position: next } = audit.follow(at, { user });
    at = next;
    seen.push(...requests);
    if (requests.some(({ verb, resource }) => verb !== 'watch' && resource !== 'leases')) lastAt = performance.now();
  }
  return seen;
}
