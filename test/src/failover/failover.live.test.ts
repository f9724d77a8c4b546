import { describe, expect, it } from 'vitest';
import { type Failover, type Manner, Relay } from './relay.ts';

/** What client-go and this runtime use: the flags are left at their defaults. */
const lease = { durationMs: 15_000, retryPeriodMs: 2_000 };

async function failOver(relay: Relay, manners: readonly Manner[]): Promise<readonly Failover[]> {
  const failovers: Failover[] = [];
  for (const manner of manners) failovers.push(await relay.failOver(manner));
  return failovers;
}

describe.concurrent('real processes of one operator', () => {
  it('lead one after the other: at once after a stop, when the lease is over after a kill; none writes out of turn', async () => {
    await using relay = await Relay.open();
    const failovers = await failOver(relay, ['stop', 'stop', 'stop', 'stop', 'stop', 'kill']);
    // A lease that had to expire would have taken this long: these were released.
    for (const { takenMs } of failovers.slice(0, 5))
      expect(takenMs).toBeLessThan(lease.durationMs - lease.retryPeriodMs);
    const { terms, strayWrites } = relay.record();
    expect(terms.map(({ leader }) => leader)).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((each) => `beacon-operator/replica-${each}`),
    );
    expect(strayWrites).toEqual([]);
  }, 120_000);

  it('never write late: one that stood still for 30 s ends when it wakes up, and says why', async () => {
    await using relay = await Relay.open();
    await failOver(relay, ['hold']);
    const { terms, strayWrites } = relay.record();
    expect(terms.map(({ leader }) => leader)).toEqual(['beacon-operator/replica-1', 'beacon-operator/replica-2']);
    expect(strayWrites).toEqual([]);
  }, 120_000);
});
