import { describe, expect, it } from 'vitest';
import { condition } from '../../condition.fixture.ts';
import { cluster } from './cluster.fixture.ts';
import { clusterVerdict } from './cluster-verdict.ts';

const unsupported = 'the broker has no TLS listener';
const notEnforced = condition('SecurityEnforced', 'False', 'NotEnforced', unsupported);
const heldBySecurity = condition('Ready', 'False', 'NotEnforced', unsupported);

describe('the verdict on a cluster', () => {
  it.each([
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
    [
      'is Ready',
      { observedGeneration: 2, readyReplicas: 3, conditions: [condition('Ready', 'True', 'AllBrokersReady')] },
      { kind: 'Ready' },
    ],
  ] as const)('of one that %s', (_, status, verdict) => {
    expect(clusterVerdict(cluster({ status }))).toEqual(verdict);
  });
});
