import { describe, expect, it } from 'vitest';
import { aPattern, type PatternSpecInput } from './a-pattern.fixture.ts';
import { podProblem } from './pod-problem.ts';

const secretKeyRef = { name: 'a', key: 'b' };

describe('pods that the API server would refuse', () => {
  const rows: readonly (readonly [string, Partial<PatternSpecInput>, string | undefined])[] = [
    [
      'request more than their limit',
      { resources: { requests: { memory: '1Gi' }, limits: { memory: '512Mi' } } },
      'spec.resources.requests.memory: must be at most the limit 512Mi, but is 1Gi',
    ],
    ['request as much as their limit', { resources: { requests: { cpu: '1' }, limits: { cpu: '1000m' } } }, undefined],
    ['request without a limit', { resources: { requests: { cpu: '4' } } }, undefined],
    [
      'have a variable with a value and a source',
      { env: [{ name: 'A', value: 'x', valueFrom: { secretKeyRef } }] },
      'spec.env[A]: must not have value and valueFrom: take one of them out',
    ],
    [
      'have a variable with an empty value and a source',
      { env: [{ name: 'A', value: '', valueFrom: { secretKeyRef } }] },
      undefined,
    ],
    [
      'have a variable with either',
      {
        env: [
          { name: 'A', value: 'x' },
          { name: 'B', valueFrom: { secretKeyRef } },
        ],
      },
      undefined,
    ],
  ];
  it.each(rows)('%s: said before', (_title, spec, expected) => {
    expect(podProblem(aPattern(spec).spec)).toBe(expected);
  });
});
