import { FakeClock } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { aPass } from './a-pass.fixture.ts';
import { HotLoopGuard } from './hot-loop-guard.ts';
import { aKeptLog } from './observed-operator.fixture.ts';
import type { PassRecord } from './pass-record.ts';

function guarded() {
  const clock = new FakeClock();
  const { log, lines } = aKeptLog();
  const guard = new HotLoopGuard({ clock, log });
  const run = async (passes: number, withinMs: number, each: (index: number) => Partial<PassRecord> = () => ({})) => {
    let told = 0;
    for (let index = 0; index < passes; index += 1) {
      if (guard.look(aPass(each(index)))) told += 1;
      await clock.advance(withinMs / passes);
    }
    return told;
  };
  return { run, lines };
}

describe('a resource that is reconciled over and over', () => {
  it('is told of once, with what starts its passes', async () => {
    const { run, lines } = guarded();
    expect(await run(500, 55_000)).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'warn',
      name: 'thing',
      triggers: ['Pod/thing-0 changed'],
      msg: expect.stringContaining('its triggers start passes that have nothing to do'),
    });
  });

  it('is told what to do about a status that differs each time', async () => {
    const { run, lines } = guarded();
    await run(100, 10_000, (index) => ({
      status: 'Written',
      resource: { uid: 'u', resourceVersion: String(index), generation: 1 },
    }));
    expect(lines[0]?.['msg']).toContain('its status differs in each pass');
  });

  it('is counted each minute and told of once an hour', async () => {
    const { run, lines } = guarded();
    expect(await run(600, 300_000)).toBe(5);
    expect(lines).toHaveLength(1);
    await run(1, 3_600_000);
    await run(100, 10_000);
    expect(lines).toHaveLength(2);
  });

  const reads = (index: number) => [{ kind: 'StatefulSet.apps', name: 'x', resourceVersion: String(index) }];
  it.each<readonly [string, (index: number) => Partial<PassRecord>]>([
    ['each pass sees something new', (index) => ({ reads: reads(index) })],
    ['children are changed', () => ({ children: [{ child: 'Pod/a', action: 'Updated' }] })],
    ['an object is deleted', () => ({ removals: [{ kind: 'Pod', name: 'a', result: 'Removed' }] })],
    ['passes fail: back-off sees to that', () => ({ result: 'Retried' })],
    ['its spec is edited', (generation) => ({ resource: { uid: 'u', resourceVersion: '1', generation } })],
    ['there are many like it', (index) => ({ name: `thing-${index}` })],
  ])('is no hot loop where %s', async (_, each) => {
    expect(await guarded().run(500, 50_000, each)).toBe(0);
  });

  it('is one although it means to delete what is gone already', async () => {
    const removals = [{ kind: 'Pod', name: 'a', result: 'Gone' }] as const;
    expect(await guarded().run(500, 50_000, () => ({ removals }))).toBe(1);
  });

  it('is no hot loop at a pass per second', async () => {
    expect(await guarded().run(300, 300_000 * 1.05)).toBe(0);
  });
});
