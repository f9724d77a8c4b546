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
});
