import { describe, expect, it } from 'vitest';
import { cluster, condition } from './cluster.fixture.ts';
import { verdictOf } from './verdict.ts';

const unsupported = 'the broker has no TLS listener';
const notEnforced = condition('SecurityEnforced', 'False', 'NotEnforced', unsupported);
const heldBySecurity = condition('Ready', 'False', 'NotEnforced', unsupported);
const starting = condition('Ready', 'False', 'Starting', '1 of 3 brokers ready');

describe('the verdict on a cluster', () => {
  it.each([
    ['has no status yet', undefined, { kind: 'Waiting', why: 'the operator has not reported on it yet' }],
    [
      'reports on an older spec',
      { observedGeneration: 1, readyReplicas: 3, conditions: [condition('Ready', 'True', 'AllBrokersReady')] },
      { kind: 'Waiting', why: 'the operator has not looked at its latest spec yet' },
    ],
    [
      'has no Ready condition',
      { observedGeneration: 2, conditions: [] },
      { kind: 'Waiting', why: 'it has no Ready condition' },
    ],
    [
      'is starting',
      { observedGeneration: 2, readyReplicas: 1, conditions: [starting] },
      { kind: 'Waiting', why: 'Ready=False, Starting: 1 of 3 brokers ready' },
    ],
    [
      'is Ready',
      { observedGeneration: 2, readyReplicas: 3, conditions: [condition('Ready', 'True', 'AllBrokersReady')] },
      { kind: 'Ready' },
    ],
    [
      'runs in full and is held back by security alone',
      { observedGeneration: 2, readyReplicas: 3, conditions: [heldBySecurity, notEnforced] },
      { kind: 'Unready', why: `SecurityEnforced=False, NotEnforced: ${unsupported}` },
    ],
    [
      'is held back by security, while brokers are still starting',
      { observedGeneration: 2, readyReplicas: 2, conditions: [heldBySecurity, notEnforced] },
      { kind: 'Waiting', why: `Ready=False, NotEnforced: ${unsupported}` },
    ],
    [
      'asks for security and is not Ready for another reason',
      {
        observedGeneration: 2,
        readyReplicas: 3,
        conditions: [condition('Ready', 'False', 'SpecInvalid', 'no'), notEnforced],
      },
      { kind: 'Waiting', why: 'Ready=False, SpecInvalid: no' },
    ],
  ] as const)('of one that %s', (_, status, verdict) => {
    expect(verdictOf(cluster(status === undefined ? {} : { status }))).toEqual(verdict);
  });
});
