import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelledCluster } from './modelled-cluster.fixture.ts';

/** Something that happens to a cluster. `Crash`: a pass ends after so many writes. */
type Happening =
  | { readonly kind: 'Pass' | 'Controllers' | 'Collector' | 'Kubelets' | 'Replay' }
  | { readonly kind: 'Crash'; readonly lastWrite: number };

const happenings: fc.Arbitrary<readonly Happening[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constantFrom('Pass', 'Controllers', 'Collector', 'Kubelets', 'Replay') }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('Crash'), lastWrite: fc.integer({ min: 1, max: 2 }) }) },
  ),
  { maxLength: 60 },
);
const sizes = fc.constantFrom(1, 3, 5);
const policies = fc.constantFrom('Retain', 'Delete');
const counts = fc.nat(3);

async function happen(cluster: ModelledCluster, happening: Happening): Promise<void> {
  switch (happening.kind) {
    case 'Pass':
      return cluster.pass();
    case 'Crash':
      return cluster.pass(happening.lastWrite);
    case 'Controllers':
      return cluster.controllers();
    case 'Collector':
      return cluster.collector();
    case 'Kubelets':
      return cluster.kubelets();
    case 'Replay':
      return cluster.replay();
  }
}

/** A running cluster whose user has agreed to another number of members and asked for it. */
async function resized(from: number, to: number, deletionPolicy: 'Retain' | 'Delete', namespaces: number) {
  const cluster = await ModelledCluster.running({ members: from, deletionPolicy, namespaces });
  cluster.edit({ agree: `${from}->${to}` });
  await cluster.pass();
  expect(cluster.edit({ members: to })).toBe(true);
  return cluster;
}

const ends = ({ serving, status, namespaces }: ModelledCluster) => ({
  serving,
  bootstrapped: status.bootstrappedAdminReplicas,
  epoch: status.adminEpoch ?? 0,
  step: status.adminRebootstrap?.step,
  namespaces: [...new Set(namespaces)],
  phase: status.phase,
});

describe('a prism-admin of which nobody has said that it may be bootstrapped anew', () => {
  it.each(['', '1->5', '3->1', '1->2', '1-3', '1->3 ', '01->3'])('is not let to three members by %o', async (agree) => {
    const cluster = await ModelledCluster.running({ members: 1, deletionPolicy: 'Retain', namespaces: 1 });
    cluster.edit({ agree });
    await cluster.pass();
    expect(cluster.edit({ members: 3 })).toBe(false);
  });
});

describe('a prism-admin that is bootstrapped anew', () => {
  it('has the members and all namespaces at last, whatever ends in the middle, and every former volume is still there', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, policies, counts, happenings, async (from, to, policy, count, steps) => {
        fc.pre(from !== to);
        const cluster = await resized(from, to, policy, count);
        const former = cluster.claims;
        for (const step of steps) await happen(cluster, step);
        await cluster.settle();
        const namespaces = count === 0 ? [] : [1];
        expect(ends(cluster)).toEqual({
          serving: to,
          bootstrapped: to,
          epoch: 1,
          step: undefined,
          namespaces,
          phase: 'Running',
        });
        expect(cluster.claims).toMatchObject(former);
      }),
      { numRuns: 60 },
    );
  });

  it('is what it was when the number is set back while the former members stop', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, policies, happenings, happenings, async (from, to, policy, before, after) => {
        fc.pre(from !== to);
        const cluster = await resized(from, to, policy, 1);
        const former = cluster.claims;
        for (const step of before) await happen(cluster, step);
        fc.pre(cluster.status.adminRebootstrap?.step === 'Stopping');
        expect(cluster.edit({ members: from })).toBe(true);
        for (const step of after) await happen(cluster, step);
        await cluster.settle();
        expect(ends(cluster)).toMatchObject({
          serving: from,
          bootstrapped: from,
          epoch: 0,
          step: undefined,
          namespaces: [0],
        });
        expect(cluster.claims).toEqual(former);
      }),
      { numRuns: 60 },
    );
  });

  it('is left for a third number while its members start, on volumes of their own', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, sizes, happenings, async (from, to, third, steps) => {
        fc.pre(from !== to && to !== third);
        const cluster = await resized(from, to, 'Delete', 1);
        for (let round = 0; cluster.status.adminRebootstrap?.step !== 'Starting'; round += 1) {
          if (round > 20) throw new Error('its former members never stop');
          await cluster.pass();
          cluster.collector();
          cluster.controllers();
          if (cluster.status.adminRebootstrap?.step === 'Stopping') cluster.kubelets();
        }
        cluster.edit({ agree: `${to}->${third}` });
        await cluster.pass();
        expect(cluster.edit({ members: third })).toBe(true);
        for (const step of steps) await happen(cluster, step);
        await cluster.settle();
        expect(ends(cluster)).toMatchObject({
          serving: third,
          bootstrapped: third,
          epoch: 2,
          step: undefined,
          namespaces: [2],
        });
      }),
      { numRuns: 40 },
    );
  });

  it('is done with: what was agreed to once does not let it happen again', async () => {
    const cluster = await resized(1, 3, 'Retain', 1);
    await cluster.settle();
    expect(cluster.status.offeredAdminReplicas).toBeUndefined();
    expect(cluster.edit({ members: 1 })).toBe(false);
    expect(cluster.edit({ members: 5 })).toBe(false);
  });
});
