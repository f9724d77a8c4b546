import { describe, expect, it } from 'vitest';
import { recheckAfter } from './recheck.ts';

const component = (ready: boolean) => ({ name: 'redis', ready, replicas: 1, availableReplicas: ready ? 1 : 0 });

const since = '2026-01-01T00:00:00Z';
const under = (step: 'Stopping' | 'Starting' | 'Replaying') => ({ from: 1, to: 3, step, since }) as const;

describe('a cluster is looked at again', () => {
  it.each([
    ['not while all is well', true, 'Unchanged', {}],
    ['while something is not ready', false, 'Unchanged', { recheckAfterMs: 15_000 }],
    ['while something is held, though all that is there is ready', true, 'Held', { recheckAfterMs: 15_000 }],
  ] as const)('%s', (_title, ready, action, expected) => {
    const status = { backendStatus: [component(ready)] };
    const children = [{ child: 'Deployment/orders-consumer-runner', action }];
    expect(recheckAfter(status, { before: status, now: since, children })).toEqual(expected);
  });

  it.each([
    ['Stopping', since, { recheckAfterMs: 1_000 }],
    ['Stopping', '2026-01-01T00:00:50Z', { recheckAfterMs: 5_000 }],
    ['Stopping', '2026-01-02T00:00:00Z', { recheckAfterMs: 15_000 }],
    ['Starting', since, { recheckAfterMs: 1_000 }],
    ['Replaying', since, {}],
  ] as const)(
    'soon while prism-admin is bootstrapped anew and is %s at %s, as far as nothing tells of it, and less often by and by',
    (step, now, expected) => {
      expect(recheckAfter({ adminRebootstrap: under(step) }, { before: undefined, now })).toEqual(expected);
    },
  );

  it('soon when that has just ended: its last pass has not begun what comes of it', () => {
    const course = { before: { adminRebootstrap: under('Stopping') }, now: since };
    expect(recheckAfter({}, course)).toEqual({ recheckAfterMs: 1_000 });
  });

  it('soon where something was taken over, and is to be replaced only now', () => {
    expect(recheckAfter({}, { before: {}, now: since, isHalfWay: true })).toEqual({ recheckAfterMs: 1_000 });
  });

  it('now and then while something is in the way that makes no event', () => {
    expect(recheckAfter({}, { before: {}, now: since, isHindered: true })).toEqual({ recheckAfterMs: 15_000 });
  });
});
