import { expect, it } from 'vitest';
import { aPattern } from './a-pattern.fixture.ts';
import { leanPattern } from './watched-patterns.ts';

it('a cluster sees that a pattern is stalled, or is not any more, and nothing of its pods', () => {
  const condition = (type: string) =>
    ({ type, status: 'True', reason: 'Any', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' }) as const;
  const status = { replicas: 3, conditions: ['Ready', 'Stalled'].map(condition) };
  expect(leanPattern(aPattern({}, { status })).status).toEqual({ conditions: [condition('Stalled')] });
  expect(leanPattern(aPattern({}, { status: { replicas: 3 } })).status).toBeUndefined();
});
