import { ConfigMap, Pod } from '@capstan/kube';
import { FakeClock } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import type { RunnerView, Watching } from '../controller/controller.ts';
import { MemoryGuard, type MemoryUse } from './memory-guard.ts';
import { aKeptLog } from './observed-operator.fixture.ts';

const mebibyte = 1_024 * 1_024;

interface Cached {
  readonly type: Watching['type'];
  readonly mode: Watching['mode'];
  size: number;
  bytes: number;
}

function guarded(caches: readonly Cached[], memory: () => MemoryUse = () => ({ rss: 0, limit: undefined })) {
  const clock = new FakeClock();
  const { log, lines } = aKeptLog();
  // Only what a guard looks at; the rest of a watch is never asked for.
  const informers = caches.map(
    (cache) => Object.assign(cache, { approximateBytes: () => cache.bytes }) as Partial<Watching>,
  );
  const runner: Partial<RunnerView> = {
    name: 'web-operator',
    kind: ConfigMap,
    informers: () => informers as Watching[],
  };
  const guard = new MemoryGuard({ clock, log, runners: [runner as RunnerView], memory });
  guard.start();
  return { clock, guard, sentences: () => lines.map(({ msg }) => msg) };
}

describe('a large cache', () => {
  it('is told of with the line to change', async () => {
    const { clock, sentences } = guarded([{ type: Pod, mode: 'full', size: 12_000, bytes: 80 * mebibyte }]);
    await clock.advance(60_000);
    expect(sentences()).toEqual([
      '12,000 Pod objects, about 80 MiB: owns: ownedWithStatus(Pod) in web-operator: watch metadata only with owned(Pod) if its status is not read, or run the operator for fewer namespaces (--namespace)',
    ]);
  });

  it('is told of again only when it has doubled', async () => {
    const cache: Cached = { type: Pod, mode: 'metadata', size: 6_000, bytes: mebibyte };
    const { clock, sentences } = guarded([cache]);
    await clock.advance(600_000);
    expect(sentences()).toHaveLength(1);
    cache.size = 11_999;
    await clock.advance(60_000);
    expect(sentences()).toHaveLength(1);
    cache.size = 12_000;
    await clock.advance(60_000);
    expect(sentences()).toHaveLength(2);
    expect(sentences()[1]).toContain('only their metadata is watched already');
  });

  it('counts by its memory too, and a small one is left alone', async () => {
    const { clock, sentences } = guarded([
      { type: ConfigMap, mode: 'full', size: 600, bytes: 40 * mebibyte },
      { type: Pod, mode: 'full', size: 4_000, bytes: 10 * mebibyte },
    ]);
    await clock.advance(60_000);
    expect(sentences()).toEqual([
      expect.stringContaining('600 ConfigMap objects, about 40 MiB: the kind that web-operator drives'),
    ]);
  });
});

describe('memory near its limit', () => {
  it('is told of once, and again after it was well below', async () => {
    let rss = 50 * mebibyte;
    const { clock, sentences } = guarded([], () => ({ rss, limit: 100 * mebibyte }));
    for (const [part, told] of [
      [84, 0],
      [86, 1],
      [80, 1],
      [90, 1],
      [60, 1],
      [86, 2],
    ] as const) {
      rss = part * mebibyte;
      await clock.advance(60_000);
      expect(sentences()).toHaveLength(told);
    }
    expect(sentences()[0]).toContain('86 MiB of 100 MiB are in use');
  });

  it('is looked at no more after the end', async () => {
    const { clock, guard } = guarded([]);
    guard.stop();
    expect(clock.pendingTimers).toBe(0);
  });
});
