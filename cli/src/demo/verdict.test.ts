import { describe, expect, it } from 'vitest';
import { condition } from './condition.fixture.ts';
import { type Reporting, verdictOf } from './verdict.ts';

const starting = condition('Ready', 'False', 'Starting', '1 of 3 brokers ready');

function resource(status: Reporting['status']): Reporting {
  const head = { apiVersion: 'example.dev/v1', kind: 'Cache', metadata: { name: 'cache', generation: 2 } };
  return status === undefined ? head : { ...head, status };
}

describe('the verdict on a resource', () => {
  it.each([
    ['has no status yet', undefined, { kind: 'Waiting', why: 'the operator has not reported on it yet' }],
    [
      'reports on an older spec',
      { observedGeneration: 1, conditions: [condition('Ready', 'True', 'AllBrokersReady')] },
      { kind: 'Waiting', why: 'the operator has not looked at its latest spec yet' },
    ],
    [
      'has no Ready condition',
      { observedGeneration: 2, conditions: [] },
      { kind: 'Waiting', why: 'it has no Ready condition' },
    ],
    [
      'is starting',
      { observedGeneration: 2, conditions: [starting] },
      { kind: 'Waiting', why: 'Ready=False, Starting: 1 of 3 brokers ready' },
    ],
    [
      'is Ready',
      { observedGeneration: 2, conditions: [condition('Ready', 'True', 'AllBrokersReady')] },
      { kind: 'Ready' },
    ],
  ] as const)('of one that %s', (_, status, verdict) => {
    expect(verdictOf(resource(status))).toEqual(verdict);
  });

  it('is that it will not be Ready, where it is known to be held back', () => {
    const status = { observedGeneration: 2, conditions: [starting] };
    expect(verdictOf(resource(status), 'no TLS')).toEqual({ kind: 'Unready', why: 'no TLS' });
  });

  it('is Ready where it says so, whatever would hold it back', () => {
    const status = { observedGeneration: 2, conditions: [condition('Ready', 'True', 'AllBrokersReady')] };
    expect(verdictOf(resource(status), 'no TLS')).toEqual({ kind: 'Ready' });
  });
});
