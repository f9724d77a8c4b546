import { fileURLToPath } from 'node:url';
import { startControlPlane } from '@capstan/controlplane';
import { systemClock } from '@capstan/kube';
import { PrismCluster } from '@capstan/prism-operator';
import { countByVerb, type World } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPrismWorld, sample } from './open-prism-world.ts';

const main = fileURLToPath(new URL('../../../operators/prism/src/main.ts', import.meta.url));

const clusters = Array.from({ length: 20 }, (_, index) => `prism-${String(index).padStart(2, '0')}`);

/** The children of the sample, each written once. */
const childrenOfOne = {
  'patch configmaps': 2,
  'patch deployments': 4,
  'patch horizontalpodautoscalers': 1,
  'patch ingresses': 1,
  'patch networkpolicies': 6,
  'patch persistentvolumeclaims': 1,
  'patch poddisruptionbudgets': 4,
  'patch secrets': 10,
  'patch services': 10,
  'patch statefulsets': 5,
};

/** Three backends, prism-admin, proxies, patterns; and the first and the last word. */
const turns = 8;

/** What tells of pods alone is written once in so many seconds. */
const betweenStatusWrites = 5;

describe(`${clusters.length} clusters of the sample's size`, () => {
  const opened = new AsyncDisposableStack();
  let world: World;

  beforeAll(async () => {
    // What there is to delete at the end would keep a shared one busy.
    const plane = opened.use(await startControlPlane({ nodes: 'kwok', audit: true }));
    // A process of its own, so that a restart forgets everything.
    world = opened.use(await openPrismWorld({ plane, program: { main }, name: 'scale' }));
  });

  afterAll(() => opened.disposeAsync());

  async function running(): Promise<readonly string[]> {
    const all = await world.list(PrismCluster);
    return all.filter(({ status }) => status?.phase === 'Running').map(({ metadata }) => metadata.name);
  }

  it('converge by one write per child each, and write their status now and then', async () => {
    const { spec } = sample();
    const began = performance.now();
    await Promise.all(clusters.map((name) => world.apply(PrismCluster, { metadata: { name }, spec })));
    const patience = { timeout: 150_000, interval: 500 };
    await world.eventually(async () => expect((await running()).toSorted()).toEqual(clusters), patience);
    const seconds = (performance.now() - began) / 1_000;
    await world.settled({ quietMs: 6_000 });

    const byCluster = Map.groupBy(world.writes(), ({ name }) => name.slice(0, 'prism-00'.length));
    const counts = clusters.map((cluster) => countByVerb(byCluster.get(cluster) ?? []));
    for (const { 'patch prismclusters/status': statusWrites, ...childWrites } of counts) {
      expect(childWrites).toEqual(childrenOfOne);
      expect(statusWrites).toBeLessThanOrEqual(turns + seconds / betweenStatusWrites);
    }
  }, 200_000);

  it('cost no request at all once they are settled, for longer than prism-admin is left unasked', async () => {
    const start = world.audit.position();
    await systemClock.sleep(40_000);
    expect(world.requests(start)).toEqual([]);
  }, 60_000);

  it('cost no write when the operator is started again, and one look at each of their four generated Secrets', async () => {
    const start = world.audit.position();
    await world.expectWrites(0, () => world.restartOperator());
    await world.settled({ quietMs: 6_000 });
    expect(world.writes(start)).toEqual([]);
    expect(countByVerb(world.requests(start))).toEqual({ 'get secrets': 4 * clusters.length });
  }, 90_000);
});
