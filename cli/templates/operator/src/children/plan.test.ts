import { desiredOf } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { SampleApp } from '../api/v1alpha1/sample-app.ts';
import { planOf } from './plan.ts';

const sampleApp = (spec: object = {}): SampleApp =>
  SampleApp.withDefaults({ metadata: { namespace: 'here', name: 'shop' }, spec: { image: 'web:1', ...spec } });

const templateOf = (resource: SampleApp): string => JSON.stringify(planOf(resource).steps[1]?.objects[0]);

describe('the plan of a sample app', () => {
  it('names every child', () => {
    const children = planOf(sampleApp()).steps.flatMap(({ objects }) => objects.map(desiredOf));
    expect(children.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([
      'ConfigMap/shop-settings',
      'Service/shop',
      'Deployment/shop',
    ]);
  });

  it('rolls the pods when a setting changes, and only then', () => {
    const before = templateOf(sampleApp({ settings: { COLOUR: 'red' } }));
    expect(templateOf(sampleApp({ settings: { COLOUR: 'red' } }))).toBe(before);
    expect(templateOf(sampleApp({ settings: { COLOUR: 'blue' } }))).not.toBe(before);
  });
});
