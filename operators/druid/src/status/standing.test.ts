import { describe, expect, it } from 'vitest';
import { Ledger } from '../converge/ledger.ts';
import { standingOf } from './standing.ts';

function standingIn(state: string) {
  const ledger = new Ledger({ id: 'clicks', state, lastGoodSpecHash: 'abc' }, undefined);
  return standingOf({ ledger, failures: [], isSuspended: false });
}

describe('a supervisor', () => {
  it.each([
    ['PENDING', 'Reconciling', 'Starting'],
    ['RUNNING', 'Ready', 'Running'],
    ['IDLE', 'Ready', 'Running'],
    ['UNHEALTHY_TASKS', 'Reconciling', 'Unhealthy'],
    ['NOT_ENABLED', 'Stalled', 'Unhealthy'],
    ['SCHEDULER_STOPPED', 'Stalled', 'Unhealthy'],
  ])('that Druid calls %s is %s, %s', (state, is, reason) => {
    expect(standingIn(state)).toMatchObject({ is, reason });
  });

  it('of compaction that nothing schedules says what to set in Druid', () => {
    expect(standingIn('NOT_ENABLED').message).toContain('clicks is NOT_ENABLED');
    expect(standingIn('NOT_ENABLED').message).toContain('useSupervisors');
  });
});
