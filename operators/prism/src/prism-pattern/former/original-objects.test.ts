import type { Deployment, KubeObject } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { aCache, aPattern } from '../a-pattern.fixture.ts';
import { anOriginal, anOriginalRunner } from './an-original.fixture.ts';
import { originalObjects, patternOfOriginal } from './original-objects.ts';

const pattern = aPattern();

const kindsFound = (objects: readonly KubeObject[]) =>
  originalObjects(pattern, aCache(objects)).all.map(({ live }) => live.kind);

describe('what the original operator made for a pattern', () => {
  it('is found in the order in which it goes: what scales before what is scaled', () => {
    const kinds = ['Service', 'Deployment', 'HorizontalPodAutoscaler', 'ScaledObject'] as const;
    expect(kindsFound(kinds.map((kind) => anOriginal(pattern, kind)))).toEqual([...kinds].reverse());
  });

  it('counts the pods that are ready', () => {
    expect(originalObjects(pattern, aCache([anOriginalRunner(pattern, 2)])).readyPods).toBe(2);
    expect(originalObjects(pattern, aCache([anOriginal(pattern, 'Deployment')])).readyPods).toBe(0);
    expect(originalObjects(pattern, aCache([anOriginalRunner(pattern, 2, { uid: 'other' })])).readyPods).toBe(0);
  });

  it('have never worked only where their Deployment was never available, or is to have no pods', () => {
    const runner = anOriginalRunner(pattern, 0);
    const later = [{ type: 'Available', status: 'False', lastTransitionTime: '2025-06-01T00:00:00Z' }];
    const stopped = { ...anOriginalRunner(pattern, 2), spec: { replicas: 0 } } as Deployment; // as much of it as is looked at
    const worked = (live: KubeObject) => originalObjects(pattern, aCache([live])).neverWorked;
    expect(worked(runner)).toBe(true);
    expect(worked(stopped)).toBe(true);
    expect(worked({ ...runner, status: { ...runner.status, conditions: later } } as Deployment)).toBe(false);
    expect(worked(anOriginalRunner(pattern, 2))).toBe(false);
    expect(worked(anOriginal(pattern, 'Service'))).toBe(false);
  });

  const instance = { 'prism.io/pattern-instance': 'letters' };
  const { ownerReferences: _none, ...alone } = anOriginal(pattern, 'Service').metadata;
  it.each<[string, KubeObject]>([
    ['of another resource, though of the same name', anOriginal(pattern, 'Service', { uid: 'of-another' })],
    ['without the label of all of them', anOriginal(pattern, 'Service', { labels: instance })],
    ['without the label of the pattern', anOriginal(pattern, 'Service', { labels: { app: 'prism' } })],
    [
      'with the label of another pattern',
      anOriginal(pattern, 'Service', { labels: { app: 'prism', 'prism.io/pattern-instance': 'other' } }),
    ],
    ['that nobody controls', { ...anOriginal(pattern, 'Service'), metadata: alone }],
  ])('is nothing %s', (_title, stranger) => {
    expect(kindsFound([stranger])).toEqual([]);
  });

  it('starts a pass of the pattern that its label names', () => {
    expect(patternOfOriginal(anOriginal(pattern, 'Service'))).toEqual([{ namespace: 'shop', name: 'letters' }]);
    expect(patternOfOriginal(anOriginal(pattern, 'Service', { labels: {} }))).toEqual([]);
  });
});
