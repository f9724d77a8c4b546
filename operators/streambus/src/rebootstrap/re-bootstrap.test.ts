import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelledCluster } from './modelled-cluster.fixture.ts';

/** Something that happens to a cluster. `Crash`: a pass ends after so many writes. */
type Happening =
  | { readonly kind: 'Pass' | 'Controller' | 'Volumes' }
  | { readonly kind: 'Crash'; readonly lastWrite: number }
  | { readonly kind: 'Kubelet'; readonly ordinal: number };

const happenings: fc.Arbitrary<readonly Happening[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('Pass', 'Controller', 'Volumes') }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('Crash'), lastWrite: fc.integer({ min: 1, max: 6 }) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('Kubelet'), ordinal: fc.nat(4) }) },
  ),
  { maxLength: 60 },
);
const sizes = fc.integer({ min: 1, max: 5 });

async function happen(cluster: ModelledCluster, happening: Happening): Promise<void> {
  switch (happening.kind) {
    case 'Pass':
      return cluster.pass();
    case 'Crash':
      return cluster.pass(happening.lastWrite);
    case 'Controller':
      return cluster.controller();
    case 'Kubelet':
      return cluster.kubelet(happening.ordinal);
    case 'Volumes':
      return cluster.volumes();
  }
}

/** A running cluster whose user has opted for another size and asked for it. */
async function resized(from: number, to: number): Promise<ModelledCluster> {
  const cluster = await ModelledCluster.running(from);
  cluster.edit({ optFor: to });
  await cluster.pass();
  expect(cluster.edit({ replicas: to })).toBe(true);
  return cluster;
}

describe('a cluster of which nobody has said that it may be bootstrapped anew', () => {
  it('is not let to another size', async () => {
    const cluster = await ModelledCluster.running(3);
    expect(cluster.edit({ replicas: 5 })).toBe(false);
  });
});

describe('a cluster that is bootstrapped anew', () => {
  it('has the size that was asked for at last, whatever ends in the middle, and has lost no volume with messages', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, happenings, async (from, to, steps) => {
        fc.pre(from !== to);
        const cluster = await resized(from, to);
        const [data, raft] = [cluster.claims('data'), cluster.claims('raft-data')];
        for (const step of steps) await happen(cluster, step);
        await cluster.settle();
        expect([cluster.serving, cluster.status.bootstrapReplicas, cluster.status.reBootstrap]).toEqual([
          to,
          to,
          undefined,
        ]);
        expect(cluster.claims('data')).toMatchObject(data);
        const former = Object.values(raft);
        expect(Object.values(cluster.claims('raft-data')).filter((uid) => former.includes(uid))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('is the cluster that it was when the size is set back while the brokers stop', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, happenings, happenings, async (from, to, before, after) => {
        fc.pre(from !== to);
        const cluster = await resized(from, to);
        const raft = cluster.claims('raft-data');
        for (const step of before) {
          if (cluster.status.reBootstrap?.step === 'Stopping') break;
          await happen(cluster, step);
        }
        fc.pre(cluster.status.reBootstrap?.step === 'Stopping');
        expect(cluster.edit({ replicas: from })).toBe(true);
        for (const step of after) await happen(cluster, step);
        await cluster.settle();
        expect([cluster.serving, cluster.status.bootstrapReplicas, cluster.status.reBootstrap]).toEqual([
          from,
          from,
          undefined,
        ]);
        expect(cluster.claims('raft-data')).toEqual(raft);
      }),
      { numRuns: 60 },
    );
  });

  it('serves with either size when its user changes course while raft volumes go', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, happenings, fc.nat(60), async (from, to, steps, when) => {
        fc.pre(from !== to);
        const cluster = await resized(from, to);
        const data = cluster.claims('data');
        for (const [index, step] of steps.entries()) {
          if (index === when) cluster.edit({ replicas: from });
          await happen(cluster, step);
        }
        await cluster.settle();
        expect(cluster.status.reBootstrap).toBeUndefined();
        expect([from, to]).toContain(cluster.serving);
        expect(cluster.status.bootstrapReplicas).toBe(cluster.serving);
        expect(cluster.claims('data')).toMatchObject(data);
      }),
      { numRuns: 60 },
    );
  });

  it('can be left for a third size while its brokers start, which they may never do', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, sizes, happenings, happenings, async (from, to, third, before, after) => {
        fc.pre(from !== to && to !== third);
        const cluster = await resized(from, to);
        const data = cluster.claims('data');
        while (cluster.status.reBootstrap?.step !== 'Starting') {
          await cluster.pass();
          cluster.controller();
          for (let ordinal = 0; ordinal < 5; ordinal += 1) cluster.kubelet(ordinal);
          cluster.volumes();
        }
        for (const step of before.filter(({ kind }) => kind !== 'Pass' && kind !== 'Crash'))
          await happen(cluster, step);
        cluster.edit({ optFor: third });
        await cluster.pass();
        expect(cluster.edit({ replicas: third })).toBe(true);
        for (const step of after) await happen(cluster, step);
        await cluster.settle();
        expect([cluster.serving, cluster.status.bootstrapReplicas, cluster.status.reBootstrap]).toEqual([
          third,
          third,
          undefined,
        ]);
        expect(cluster.claims('data')).toMatchObject(data);
      }),
      { numRuns: 60 },
    );
  });
});
