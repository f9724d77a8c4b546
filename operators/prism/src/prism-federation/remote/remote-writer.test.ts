import type { KubeClient } from '@capstan/kube';
import { seconds } from '@capstan/runtime';
import { FakeClock } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import type { PrismCluster } from '../../api/v1alpha1/prism-cluster.ts';
import { OneObject } from './one-object.ts';
import { RemoteWriter } from './remote-writer.ts';

const target = {
  owner: { namespace: 'shop', name: 'global', uid: 'f' },
  at: { namespace: 'prism', name: 'global' },
  timeout: seconds(1),
};
const wanted = { spec: { patterns: [{ name: 'consumer' }] } };

/** A writer to a cluster that takes what is applied as `keeps` says, and asks for a pass that comes at once. */
function aWriter(keeps: () => Promise<void> = () => Promise.resolve()) {
  const clock = new FakeClock();
  const applied: unknown[] = [];
  const client: Pick<KubeClient, 'get' | 'apply'> = {
    get: () => Promise.resolve(undefined),
    apply: async (_type, draft) => {
      applied.push(draft);
      await keeps();
      return draft as never; // nobody looks at what comes back
    },
  };
  const writer: RemoteWriter = new RemoteWriter(target, {
    client: client as KubeClient, // a writer asks for nothing else here
    seen: seenNothing(),
    clock,
    onNews: () => {},
    onDue: () => writer.want(wanted),
  });
  const stop = new AbortController();
  const running = writer.run(stop.signal);
  const end = async () => {
    stop.abort();
    await clock.advance(0);
    await running;
  };
  return { applied, clock, writer, end };
}

function seenNothing(): OneObject<PrismCluster> {
  const seen = new OneObject<PrismCluster>(() => {});
  seen.synced();
  return seen;
}

describe('the hand of a federation', () => {
  it('says what is not kept when it has applied the same five times, and applies it ever more seldom', async () => {
    const { applied, clock, writer, end } = aWriter();
    writer.want(wanted);
    for (let time = 0; time < 12; time += 1) await clock.advance(5_000);
    expect(writer.propagation).toMatchObject({ is: 'Blocked', reason: 'NotKept' });
    expect(writer.propagation?.message).toContain('first in spec');
    const before = applied.length;
    for (let time = 0; time < 60; time += 1) await clock.advance(10_000);
    await end();
    expect(before).toBeGreaterThanOrEqual(5);
    expect(applied.length - before).toBeLessThan(8);
  });

  it('is not done with a deletion while something is on its way that would make it anew', async () => {
    const arrival = Promise.withResolvers<void>();
    const { applied, clock, writer, end } = aWriter(() => arrival.promise);
    writer.want(wanted);
    await clock.advance(0);
    expect(applied).toHaveLength(1);
    expect(await writer.remove(new AbortController().signal)).toBe(false);
    arrival.resolve();
    await clock.advance(0);
    expect(await writer.remove(new AbortController().signal)).toBe(true);
    await end();
  });
});
