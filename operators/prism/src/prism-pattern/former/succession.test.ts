import type { Deployment, KubeObject } from '@capstan/kube';
import { conditionOf } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { aWorkload } from '../../a-cluster.fixture.ts';
import { patternGenerationAnnotation } from '../../annotations.ts';
import type { PrismPattern } from '../../api/v1beta1/prism-pattern.ts';
import { aCache, aClusterWithBackends, aPattern } from '../a-pattern.fixture.ts';
import { observePattern } from '../observe.ts';
import { patternSituation } from '../situation.ts';
import { patternStatusOf } from '../status.ts';
import { anOriginal, anOriginalRunner } from './an-original.fixture.ts';
import { successionOf } from './succession.ts';

const now = '2026-01-02T00:00:00Z';
const letters = aPattern({ backends: [{ name: 'redis' }] });
const cluster = aClusterWithBackends();

/** What took the place of the original, made in 2026 to match a generation of the pattern. */
function successor(counts: Parameters<typeof aWorkload>[2] = {}, generation = 1): Deployment {
  const workload = aWorkload('Deployment', 'orders-letters-runner', counts) as Deployment; // of this very kind
  const annotations = { [patternGenerationAnnotation]: `${generation}` };
  return { ...workload, metadata: { ...workload.metadata, annotations, creationTimestamp: '2026-01-01T00:00:00Z' } };
}

function findingsOf(objects: readonly KubeObject[], pattern: PrismPattern) {
  const observed = observePattern(pattern, aCache([...objects, pattern]));
  return { observed, present: observed.present, failures: [], children: [] };
}

const kindOf = (objects: readonly KubeObject[], pattern = letters) =>
  successionOf(patternSituation(pattern, findingsOf(objects, pattern))).kind;

function told(type: string, objects: readonly KubeObject[], pattern = letters): string | undefined {
  const found = conditionOf(patternStatusOf(pattern, findingsOf(objects, pattern), now).conditions, type);
  return found && `${found.status} ${found.reason}: ${found.message}`;
}

describe('the runner of the original operator', () => {
  const working = anOriginalRunner(letters, 2);
  const broken = anOriginalRunner(letters, 0);
  const young = anOriginalRunner(letters, 2, { createdAt: '2026-01-01T00:00:01Z' });
  const unwanted = aPattern({ backends: [{ name: 'mysql' }] });
  const withoutBackend = aPattern({ backends: [{ name: 'postgres' }], type: 'mine', image: 'mine:1' });
  const { metadata, ...rest } = cluster;
  const going = { ...rest, metadata: { ...metadata, deletionTimestamp: now } };
  it.each<[string, string, readonly KubeObject[], PrismPattern?]>([
    ['None', 'where there is none', [cluster, successor()]],
    ['Kept', 'without a cluster', [working]],
    ['Kept', 'while its pattern is refused', [cluster, successor(), working], unwanted],
    ['Kept', 'while its pattern is not started', [cluster, working], withoutBackend],
    ['Kept', 'of a cluster that is being deleted', [going, successor(), working]],
    ['Waiting', 'before the next one is there', [cluster, working]],
    ['Waiting', 'before the next one is there, though it does not work', [cluster, broken]],
    ['Waiting', 'while the next one has no pods yet', [cluster, successor({ wanted: 2, available: 0 }), working]],
    ['Waiting', 'while the next one has some', [cluster, successor({ wanted: 2, available: 1 }), working]],
    ['Waiting', 'while the next one is not as the spec says', [cluster, successor({}, 0), working]],
    ['Waiting', 'while the next one is updated', [cluster, successor({ wanted: 2, updated: 1 }), working]],
    ['Going', 'when the next one has all pods', [cluster, successor({ wanted: 2 }), working]],
    ['Going', 'when the next one is to have none', [cluster, successor({ wanted: 0 }), working]],
    ['Going', 'that does not work, when the next one is there', [cluster, successor({ available: 0 }), broken]],
    ['StillMade', 'that is younger than the next one', [cluster, successor(), young]],
  ])('is %s %s', (kind, _title, objects, pattern) => {
    expect(kindOf(objects, pattern)).toBe(kind);
  });

  it('is left with all that belongs to it when a part of it is made again', () => {
    const service = anOriginal(letters, 'Service', { createdAt: '2026-01-01T00:00:00Z' });
    expect(kindOf([cluster, successor(), working, service])).toBe('StillMade');
    expect(told('Stalled', [cluster, successor(), working, service])).toContain('True OriginalAtWork: ');
  });
});

describe('what a pattern is told of the original operator', () => {
  const all = [anOriginal(letters, 'HorizontalPodAutoscaler'), anOriginalRunner(letters, 2)];

  it('is nothing once nothing is left of it', () => {
    expect(told('OriginalRetired', [cluster, successor()])).toBeUndefined();
  });

  it('is what goes, and when', () => {
    expect(told('OriginalRetired', [cluster, ...all])).toBe(
      'False WaitingForPods: What the original operator made (HorizontalPodAutoscaler/letters, Deployment/letters) is deleted once all pods of Deployment/orders-letters-runner are available; until then the pods of before (2 ready) run on.',
    );
    expect(told('OriginalRetired', [cluster, anOriginalRunner(letters, 0)])).toContain(
      'is deleted once Deployment/orders-letters-runner is there: no pod of before was ever ready.',
    );
  });

  it('is that it stays while the pattern is not carried out', () => {
    expect(told('OriginalRetired', all)).toContain('stays as it is while the pattern is not carried out.');
    expect(told('Stalled', all)).toContain('True NoClusterInNamespace: ');
  });

  it('is that messages come twice, of runners of which each pod gets all of them', () => {
    const consumer = aPattern({ type: 'consumer', backends: [{ name: 'nats' }] });
    const twice = 'some are worked on twice, and none is missed';
    expect(told('OriginalRetired', [cluster, anOriginalRunner(consumer, 1)], consumer)).toContain(twice);
    expect(told('OriginalRetired', [cluster, anOriginalRunner(consumer, 0)], consumer)).not.toContain(twice);
    expect(told('OriginalRetired', [cluster, ...all])).not.toContain(twice);
  });

  it('is which address takes the place of its Service', () => {
    expect(told('OriginalRetired', [cluster, anOriginal(letters, 'Service')])).toContain(
      'Whoever connects to letters has to connect to orders-letters-runner from then on.',
    );
  });

  it('is who holds what was deleted, and it is not Ready until that is gone', () => {
    const held = anOriginal(letters, 'ScaledObject', {
      deletionTimestamp: now,
      finalizers: ['finalizer.keda.sh'],
    });
    const objects = [cluster, successor(), held];
    expect(told('OriginalRetired', objects)).toContain(
      'is being deleted, and held: ScaledObject by finalizer.keda.sh.',
    );
    expect(told('Reconciling', objects)).toContain('True BeingDeleted: ');
    expect(told('Ready', [cluster, successor()])).toContain('True AllReady: ');
  });
});
