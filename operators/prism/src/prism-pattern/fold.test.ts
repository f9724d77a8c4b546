import { arbitraryResource } from '@capstan/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allAvailable, aWorkload } from '../a-cluster.fixture.ts';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { PrismPattern } from '../api/v1beta1/prism-pattern.ts';
import type { AnyPattern } from '../children/from-resource.ts';
import { planChildren } from '../children/plan.ts';
import { judge } from '../judge/judge.ts';
import { judgedBy } from '../judge/judged-by.ts';
import { aCache, aClusterWithBackends, aPattern } from './a-pattern.fixture.ts';
import { withPatternResources } from './fold.ts';

function patternsAfter(cluster: PrismCluster, ...others: Parameters<typeof aCache>[0]): readonly AnyPattern[] {
  return withPatternResources(cluster, aCache([cluster, ...others])).spec.patterns;
}

const namesAfter = (...all: Parameters<typeof patternsAfter>) => patternsAfter(...all).map(({ name }) => name);

describe('a cluster takes in', () => {
  it('a pattern that is a resource as if it stood in its spec', () => {
    const pattern = aPattern({
      ...{
        type: 'keyvalue',
        workload: 'StatefulSet',
        replicas: 2,
        config: { behavior: { a: 1 } },
        prismNamespace: 'ns',
      },
      backends: [{ name: 'redis', config: { maxConnections: 50, database: 2 } }, { name: 'memstore' }],
      placement: { nodeSelector: { disk: 'ssd' }, priorityClassName: 'high' },
    });
    expect(patternsAfter(aClusterWithBackends(), pattern)).toEqual([
      {
        ...{ name: 'letters', type: 'StatefulSet', runner: 'keyvalue', replicas: 2, backends: ['redis'] },
        ...{ nodeSelector: { disk: 'ssd' }, priorityClassName: 'high', resources: pattern.spec.resources },
        config: { name: 'ns', backend_config: { pool_size: 50, db: 2 }, behavior: { a: 1 } },
        generation: 1,
      },
    ]);
  });

  it('none of another cluster, none that goes, and none while it is not known whose it is', () => {
    const other = aClusterWithBackends({}, 'other');
    const named = (cluster: string, name: string) => aPattern({ cluster }, { name });
    const going = aPattern({ cluster: 'orders' }, { name: 'going' });
    const deleted = { ...going, metadata: { ...going.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    const all = [other, named('orders', 'ours'), named('other', 'theirs'), aPattern({}, { name: 'whose' }), deleted];
    expect(namesAfter(aClusterWithBackends(), ...all)).toEqual(['ours']);
  });

  it('none that has the name of one in its spec', () => {
    const cluster = aClusterWithBackends({ patterns: [{ name: 'letters', replicas: 7 }] });
    expect(patternsAfter(cluster, aPattern())).toEqual(cluster.spec.patterns);
  });

  it('50 at most, the oldest ones', () => {
    const numbers = Array.from({ length: 60 }, (_, index) => index);
    const patterns = numbers.map((index) =>
      aPattern({}, { name: `p${index}`, createdAt: `2026-01-01T00:00:${index < 10 ? '0' : ''}${index}Z` }),
    );
    const cluster = aClusterWithBackends({ patterns: [{ name: 'own' }] });
    expect(namesAfter(cluster, ...patterns.reverse())).toEqual(['own', ...numbers.slice(0, 49).map((i) => `p${i}`)]);
  });
});

describe('a pattern that is refused', () => {
  const wrong = aPattern({ backends: [{ name: 'mysql' }] });

  it('is not taken in, and what runs of it is held as it is', () => {
    const running = aWorkload('Deployment', 'orders-letters-runner', { wanted: 3 });
    expect(namesAfter(aClusterWithBackends(), wrong)).toEqual([]);
    expect(patternsAfter(aClusterWithBackends(), wrong, running)).toEqual([
      { name: 'letters', type: 'Deployment', replicas: 3, backends: [], resources: {}, isHeld: true },
    ]);
  });

  it('that is held is neither applied nor pruned', () => {
    const running = aWorkload('Deployment', 'orders-letters-runner');
    const cluster = aClusterWithBackends();
    const folded = withPatternResources(cluster, aCache([cluster, wrong, running]));
    const { steps, retained } = planChildren(folded, allAvailable(folded), {});
    const labels = { 'app.kubernetes.io/component': 'letters-runner' };
    expect(JSON.stringify(steps.at(-1))).not.toContain('letters');
    expect(retained?.({ ...running, metadata: { ...running.metadata, labels } })).toBe(true);
  });

  it('never has its cluster refused, whatever is in it', () => {
    const cluster = aClusterWithBackends({ patterns: [{ name: 'own' }] });
    const anyPatterns = fc.array(arbitraryResource(PrismPattern), { maxLength: 3 });
    fc.assert(
      fc.property(anyPatterns, (resources) => {
        const patterns = resources.map((resource, index) => {
          const { spec } = resource as PrismPattern; // made of that very schema
          return { ...aPattern({}, { name: `p${index}` }), spec: { ...spec, cluster: 'orders' } };
        });
        const folded = withPatternResources(cluster, aCache([cluster, ...patterns]));
        const observed = allAvailable(folded);
        expect(judge(folded, judgedBy(folded, observed, {}, aCache([]) as never))).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});

describe('the number of pods', () => {
  const isAutoscaled = (pattern: PrismPattern) => patternsAfter(aClusterWithBackends(), pattern)[0]?.isAutoscaled;

  it('is the autoscaler’s as long as there is one, and starts within its bounds', () => {
    const autoscaling = { minReplicas: 3, maxReplicas: 9 };
    expect(patternsAfter(aClusterWithBackends(), aPattern({ autoscaling }))[0]).toMatchObject({
      ...{ replicas: 3, isAutoscaled: true },
    });
    expect(isAutoscaled(aPattern())).toBeUndefined();
    expect(isAutoscaled(aPattern({}, { status: { scaler: 'hpa' } }))).toBe(true);
    expect(isAutoscaled(aPattern({}, { status: { scaler: 'none' } }))).toBeUndefined();
  });
});
