import { desiredOf } from '@capstan/runtime';
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
import { observePattern } from './observe.ts';

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

  it.each([
    ['that is taken in', {}],
    ['that is refused', { backends: [{ name: 'mysql' }] }],
  ])('whom alone a pattern %s is open to', (_what, spec) => {
    const plain = aPattern(spec);
    const pattern = { ...plain, metadata: { ...plain.metadata, labels: { 'prism.io/closed-to': 'sales' } } };
    const running = aWorkload('Deployment', 'orders-letters-runner');
    expect(patternsAfter(aClusterWithBackends(), pattern, running)).toMatchObject([
      { name: 'letters', closedTo: 'sales' },
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

describe('the 50 places of a cluster', () => {
  it('are for patterns that are accepted', () => {
    const at = (index: number) => `2026-01-01T00:${index < 10 ? '0' : ''}${index}:00Z`;
    const numbers = Array.from({ length: 50 }, (_, index) => index);
    const refused = numbers.map((index) =>
      aPattern({ backends: [{ name: 'mysql' }] }, { name: `r${index}`, createdAt: at(index) }),
    );
    const late = aPattern({}, { name: 'late', createdAt: at(59) });
    const cluster = aClusterWithBackends();
    expect(namesAfter(cluster, ...refused, late)).toEqual(['late']);
    expect(observePattern(late, aCache([cluster, ...refused, late])).verdict?.kind).toBe('Accepted');
    const accepted = numbers.map((index) => aPattern({}, { name: `a${index}`, createdAt: at(index) }));
    expect(observePattern(late, aCache([cluster, ...accepted, late])).verdict).toMatchObject({ reason: 'ClusterFull' });
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
      { numRuns: 100 },
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

/** What runs `letters` in the cluster `orders`, as the operator made it of a resource. */
function runningLetters(kind: 'Deployment' | 'StatefulSet' = 'Deployment', claims: readonly object[] = []) {
  const plain = aWorkload(kind, 'orders-letters-runner');
  const labels = { 'app.kubernetes.io/component': 'letters-runner' };
  const annotations = { 'prism.io/pattern-generation': '1' };
  const metadata = { ...plain.metadata, labels, annotations };
  return { ...plain, metadata, spec: { ...plain.spec, volumeClaimTemplates: claims } } as typeof plain;
}

/** Another cluster than `orders`, in the same namespace. */
function theOther(status?: PrismCluster['status'], deletionTimestamp?: string): PrismCluster {
  const plain = aClusterWithBackends({}, 'other');
  const metadata = { ...plain.metadata, uid: 'other', ...(deletionTimestamp !== undefined && { deletionTimestamp }) };
  return { ...plain, metadata, ...(status !== undefined && { status }) };
}

const heldLetters = [expect.objectContaining({ name: 'letters', isHeld: true })];

describe('a pattern that names another cluster', () => {
  const moved = aPattern({ cluster: 'other' });
  const refused = { type: 'Accepted', status: 'False', reason: 'SpecInvalid', message: '' } as const;
  const lastTransitionTime = '2026-01-01T00:00:00Z';
  const full = aClusterWithBackends({ patterns: Array.from({ length: 50 }, (_, index) => ({ name: `p${index}` })) });

  it('goes when that one takes it in', () => {
    expect(patternsAfter(aClusterWithBackends(), theOther(), moved, runningLetters())).toEqual([]);
  });

  it.each([
    ['is not there', []],
    ['is being deleted', [theOther(undefined, lastTransitionTime)]],
    ['is refused itself', [theOther({ conditions: [{ ...refused, lastTransitionTime }] })]],
    ['has no place', [{ ...theOther(), spec: full.spec }]],
    ['cannot be read', [{ ...theOther(), spec: { patterns: 7 } as unknown as PrismCluster['spec'] }]],
  ])('is held as it is where that one %s', (_what, others) => {
    expect(patternsAfter(aClusterWithBackends(), ...others, moved, runningLetters())).toEqual(heldLetters);
  });

  it.each([
    ['Delete', heldLetters],
    ['Retain', []],
  ] as const)('is held with its volumes where they would go: %s', (deletionPolicy, expected) => {
    const running = runningLetters('StatefulSet', [{ metadata: { name: 'data' } }]);
    const stateful = aPattern({ cluster: 'other', workload: 'StatefulSet' });
    const all = [aClusterWithBackends({ deletionPolicy }), theOther(), stateful, running] as const;
    expect(patternsAfter(...all)).toEqual(expected);
    const { verdict } = observePattern(stateful, aCache(all));
    const told = verdict?.kind === 'Refused' ? verdict.message : '';
    expect(told.startsWith('spec.cluster: it still runs in PrismCluster orders, ')).toBe(expected.length > 0);
  });

  it.each([
    ['of the cluster', [{ apiVersion: 'prism.io/v1alpha1', kind: 'PrismCluster', name: 'orders', uid: '2f6a' }]],
    ['of nobody', []],
  ])('is held as long as its claim is one of those that go with their owner: %s', (_whose, ownerReferences) => {
    const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim' };
    const metadata = { name: 'orders-letters-runner-data', namespace: 'shop', ownerReferences };
    const all = [theOther(), moved, runningLetters(), { ...claim, metadata }];
    expect(patternsAfter(aClusterWithBackends(), ...all)).toEqual(ownerReferences.length > 0 ? heldLetters : []);
  });
});

describe('while patterns are not served', () => {
  const folded = (cluster: PrismCluster) => withPatternResources(cluster, aCache([cluster, runningLetters()], false));

  it('what runs of them is held with all that it needs', () => {
    const cluster = folded(aClusterWithBackends());
    expect(cluster.spec.patterns).toEqual(heldLetters);
    const { steps, retained, superfluous } = planChildren(cluster, allAvailable(cluster), {});
    const names = steps.flatMap(({ objects }) => objects.map((each) => desiredOf(each).metadata.name));
    expect(names.filter((name) => name?.startsWith('orders-letters'))).toEqual([]); // not even a policy, which could open it
    const labels = { 'app.kubernetes.io/component': 'letters-runner' };
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'orders-letters-runner-config', labels } };
    for (const each of [runningLetters(), secret])
      expect([retained?.(each), superfluous?.(each)]).toEqual([true, false]);
  });

  it('a pattern of the spec is as it was', () => {
    const cluster = aClusterWithBackends({ patterns: [{ name: 'letters' }] });
    expect(folded(cluster).spec.patterns).toEqual(cluster.spec.patterns);
  });

  it('a pattern that was taken out of the spec goes', () => {
    const cluster = aClusterWithBackends();
    const plain = aWorkload('Deployment', 'orders-letters-runner');
    expect(withPatternResources(cluster, aCache([cluster, plain], false)).spec.patterns).toEqual([]);
  });

  it('and once they are, one that is gone goes', () => {
    expect(patternsAfter(aClusterWithBackends(), runningLetters())).toEqual([]);
  });
});
