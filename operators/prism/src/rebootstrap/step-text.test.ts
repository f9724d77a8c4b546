import { describe, expect, it } from 'vitest';
import { aPod } from '../a-cluster.fixture.ts';
import type { Rebootstrap } from './admin-standing.ts';
import { type Sight, stepText } from './step-text.ts';

const nothing: Sight = {
  pods: [],
  leadership: { kind: 'Unknown', why: 'no member is ready' },
  replays: { names: [], missing: [] },
};
const member = (ordinal: number) => aPod('prism-admin', { name: `orders-prism-admin-${ordinal}`, isReady: true });
const three = [1, 2, 3].map(member);
const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

describe('a prism-admin that is bootstrapped anew', () => {
  it.each<[string, Rebootstrap['step'], Partial<Sight>, string]>([
    [
      'its workload',
      'Stopping',
      { pods: [aPod('prism-proxy')] },
      'stop, since 2026-01-01T00:00:00Z: the workload is to go; set spec.admin.replicas back to 1',
    ],
    [
      'a permission',
      'Stopping',
      { rebootstrapObstacle: 'it may not look' },
      ': it may not look; set spec.admin.replicas back',
    ],
    ['a pod', 'Stopping', { pods: [member(1)] }, 'orders-prism-admin-1 is to go'],
    [
      'members',
      'Starting',
      { pods: [member(1), aPod('prism-admin')] },
      'on empty volumes, since 2026-01-01T00:00:00Z: 1 of 3 are ready.',
    ],
    ['a leader', 'Starting', { pods: three, leadership: { kind: 'None' } }, '3 are ready, none leads yet.'],
    [
      'one leader',
      'Starting',
      { pods: three, leadership: { kind: 'Several', leaders: ['x', 'y'] } },
      'x and y all say that they lead.',
    ],
    ['an answer', 'Starting', { pods: three }, 'who leads is not known: no member is ready.'],
    ['namespaces', 'Replaying', { replays: { names, missing: ['b'] } }, '1 of 7 are still to be created: b.'],
    ['many namespaces', 'Replaying', { replays: { names, missing: names } }, 'a, b, c, d, e and 2 more.'],
  ])('says that it waits for %s', (_what, step, sight, text) => {
    const rebootstrap = { from: 1, to: 3, step, since: '2026-01-01T00:00:00Z' };
    expect(stepText(rebootstrap, { ...nothing, ...sight })).toContain(text);
  });
});
