import { systemClock } from '@capstan/kube';
import type { AuditedRequest, AuditLog } from '@capstan/testkit';

/** How long the bench waits for anything before it gives up, so that a fault ends in a sentence. */
const patienceMs = 300_000;

/** Resolves with the time (`performance.now`) at which the condition first held. Throws an Error naming `what` after {@link patienceMs}. */
export async function until(what: string, condition: () => boolean): Promise<number> {
  const deadline = performance.now() + patienceMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`gave up after ${patienceMs / 1_000} s: ${what}`);
    await systemClock.sleep(20);
  }
  return performance.now();
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
