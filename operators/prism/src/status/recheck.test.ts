import { describe, expect, it } from 'vitest';
import { recheckAfter } from './recheck.ts';

const component = (ready: boolean) => ({ name: 'redis', ready, replicas: 1, availableReplicas: ready ? 1 : 0 });

describe('a cluster is looked at again', () => {
  it.each([
    ['not while all is well', true, 'Unchanged', {}],
    ['while something is not ready', false, 'Unchanged', { recheckAfterMs: 15_000 }],
    ['while something is held, though all that is there is ready', true, 'Held', { recheckAfterMs: 15_000 }],
  ] as const)('%s', (_title, ready, action, expected) => {
    const status = { backendStatus: [component(ready)] };
    expect(recheckAfter(status, [{ child: 'Deployment/orders-consumer-runner', action }])).toEqual(expected);
  });

  it.each([
    ['Stopping', { recheckAfterMs: 1_000 }],
    ['Starting', { recheckAfterMs: 1_000 }],
    ['Replaying', {}],
  ] as const)(
    'soon while prism-admin is bootstrapped anew and is %s, as far as nothing tells of it',
    (step, expected) => {
      const adminRebootstrap = { from: 1, to: 3, step, since: '2026-01-01T00:00:00Z' };
      expect(recheckAfter({ adminRebootstrap })).toEqual(expected);
    },
  );
});
