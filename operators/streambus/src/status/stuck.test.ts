import { describe, expect, it } from 'vitest';
import { aPod, somePods } from '../a-cluster.fixture.ts';
import { stuckPod, stuckText } from './stuck.ts';

const since = '2026-01-01T00:00:00Z';
const late = { isReady: false, notReadySince: since };
const trouble = (reason: string, container?: string) => ({
  ...{ pod: 'orders-1', reason, message: 'the container ended with exit code 1', restarts: 3 },
  ...(container !== undefined && { container }),
});
const [before, after] = ['2026-01-01T00:02:59Z', '2026-01-01T00:03:00Z'];

describe('a pod that is stuck', () => {
  const name = (pods: Parameters<typeof stuckPod>[0], now = before) => stuckPod(pods, now)?.name;

  it('is one that has not become ready for three minutes', () => {
    const pods = [aPod(0), aPod(1, late)];
    expect([name(pods), name(pods, after)]).toEqual([undefined, 'orders-1']);
  });

  it('is one that will not run without help, at once and before any that is late', () => {
    const crashing = aPod(2, { ...late, trouble: trouble('CrashLoopBackOff', 'streambus') });
    expect([name([aPod(0), crashing]), name([aPod(1, late), crashing], after)]).toEqual(['orders-2', 'orders-2']);
  });

  it('is one that fits on no node, but not at once: volumes are bound and nodes are added', () => {
    const pods = [aPod(1, { ...late, trouble: trouble('Unschedulable') })];
    expect([name(pods), name(pods, after)]).toEqual([undefined, 'orders-1']);
  });

  it('is none that is ready or going', () => {
    const going = aPod(1, { ...late, isTerminating: true });
    expect([name(somePods(3), after), name([going], after), name([], after)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('what is said of it', () => {
  it.each([
    ['although its broker runs', { hasStarted: true }],
    ['and its broker has not started', { hasStarted: false }],
  ])('is whether it has started: %s', (words, started) => {
    expect(stuckText(aPod(1, { ...late, ...started }))).toBe(`orders-1 has not been ready since ${since}, ${words}`);
  });

  it('is why it does not run', () => {
    expect([
      stuckText(aPod(1, { ...late, trouble: trouble('CrashLoopBackOff', 'streambus') })),
      stuckText(aPod(1, { ...late, trouble: trouble('Evicted') })),
    ]).toEqual([
      `orders-1 has not been ready since ${since}: CrashLoopBackOff (container streambus), the container ended with exit code 1`,
      `orders-1 has not been ready since ${since}: Evicted, the container ended with exit code 1`,
    ]);
  });

  it('is the same for both words that the kubelet has for an image it cannot pull', () => {
    const [one, other] = ['ErrImagePull', 'ImagePullBackOff'].map((reason) =>
      stuckText(aPod(1, { ...late, trouble: trouble(reason, 'proxy') })),
    );
    expect(one).toBe(
      `orders-1 has not been ready since ${since}: ImagePullBackOff, the image of container proxy cannot be pulled`,
    );
    expect(other).toBe(one);
  });
});
