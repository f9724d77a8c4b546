import { describe, expect, it } from 'vitest';
import { aCluster } from './a-cluster.fixture.ts';
import type { PrismClusterStatus } from './api/v1alpha1/prism-cluster.ts';
import { eventsOf } from './events.ts';

const condition = (type: string, status: 'True' | 'False', reason: string, message = reason) => ({
  ...{ type, status, reason, message, lastTransitionTime: '2026-01-01T00:00:00Z' },
});
const ready: PrismClusterStatus = { phase: 'Running', conditions: [condition('Ready', 'True', 'AllReady')] };
const degraded: PrismClusterStatus = { phase: 'Degraded', conditions: [condition('Ready', 'False', 'Unavailable')] };

function told(before: PrismClusterStatus, after: PrismClusterStatus, children: Parameters<typeof eventsOf>[2] = []) {
  return eventsOf(aCluster({ status: before }), after, children).map(({ type, reason }) => `${type} ${reason}`);
}

describe('the events of a pass', () => {
  it('tell what was made and changed, in one each', () => {
    const children = [
      { child: 'Service/a', action: 'Created' },
      { child: 'Service/b', action: 'Created' },
      { child: 'Service/c', action: 'Updated' },
      { child: 'Service/d', action: 'Unchanged' },
    ] as const;
    expect(eventsOf(aCluster({ status: ready }), ready, children).map(({ note }) => note)).toEqual([
      'Created Service/a, Service/b',
      'Updated Service/c',
    ]);
  });

  it.each([
    ['nothing where nothing changed', ready, ready, []],
    ['that it runs', degraded, ready, ['Normal AllReady']],
    ['that it does not any more', ready, degraded, ['Warning Unavailable']],
    [
      'nothing of another wording',
      degraded,
      { ...degraded, conditions: [condition('Ready', 'False', 'Unavailable', 'other words')] },
      [],
    ],
  ] as const)('tell %s', (_what, before, after, expected) => {
    expect(told(before, after)).toEqual(expected);
  });

  it('tell of a notice once, and again when it becomes another', () => {
    const noticed = (message: string) => ({
      ...ready,
      conditions: [...(ready.conditions ?? []), condition('BackendMissing', 'True', 'BackendDisabled', message)],
    });
    expect([told(ready, noticed('a')), told(noticed('a'), noticed('a')), told(noticed('a'), noticed('b'))]).toEqual([
      ['Warning BackendDisabled'],
      [],
      ['Warning BackendDisabled'],
    ]);
  });

  it('tell of each step of bootstrapping prism-admin anew, and of its end', () => {
    const since = '2026-01-01T00:00:00Z';
    const at = (step: 'Stopping' | 'Starting' | 'Replaying'): PrismClusterStatus => ({
      ...degraded,
      conditions: [condition('Ready', 'False', 'Rebootstrapping')],
      adminRebootstrap: { from: 1, to: 3, step, since },
    });
    expect([
      told(ready, at('Stopping')),
      told(at('Stopping'), at('Stopping')),
      told(at('Stopping'), at('Starting')),
      told(at('Replaying'), ready),
      told(at('Stopping'), ready),
    ]).toEqual([
      ['Warning Rebootstrapping'],
      [],
      ['Warning Rebootstrapping'],
      ['Normal AllReady', 'Normal Rebootstrapped'],
      ['Normal AllReady', 'Normal RebootstrapEnded'],
    ]);
  });

  it('tell of clients that are restarted for an outage of NATS, once', () => {
    const restarted = { ...ready, natsOutage: { restartedFor: '2026-01-01T00:00:00Z' } };
    expect([told(ready, restarted), told(restarted, restarted)]).toEqual([['Warning NatsClientsRestarted'], []]);
  });
});
