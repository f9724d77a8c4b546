import { describe, expect, it } from 'vitest';
import { SampleApp } from '../api/v1alpha1/sample-app.ts';
import { judge } from './judge.ts';

const withSpec = (spec: object): SampleApp =>
  // What a CRD without its rules lets through is tested here, so the spec need not be of the right type.
  ({
    ...SampleApp.withDefaults({ metadata: { name: 'shop' }, spec: { image: 'web:1' } }),
    spec: spec as SampleApp['spec'],
  });

describe('a sample app', () => {
  it.each([
    [{ image: 'web:1', replicas: 1, port: 8080, settings: {} }, undefined],
    [{ image: 'registry.example:5000/web@sha256:abc', replicas: 0, port: 8080, settings: {} }, undefined],
    [{ image: 'web', replicas: 1, port: 8080, settings: {} }, 'ImageNotPinned'],
    [{ image: 'registry.example:5000/web', replicas: 1, port: 8080, settings: {} }, 'ImageNotPinned'],
    [{ image: 'web:latest', replicas: 1, port: 8080, settings: {} }, 'ImageNotPinned'],
    [{ image: 'web:1', replicas: -1, port: 8080, settings: {} }, 'SpecInvalid'],
    [{ image: 'web:1', replicas: 'many', port: 8080, settings: {} }, 'SpecInvalid'],
  ])('with spec %j is refused for %s', (spec, reason) => {
    expect(judge(withSpec(spec))?.reason).toBe(reason);
  });
});
