import { millis, seconds } from '@capstan/runtime';
import { FakeClock } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { DruidLanes, type Lane, type NoLane } from './druid-lanes.ts';

const limits = { most: 2, restMs: seconds(10) };

/** Lanes whose waits are spread by nothing. */
function lanesOn(clock = new FakeClock()): DruidLanes {
  return new DruidLanes(clock, limits, () => 0.5);
}

function entered(lane: Lane | NoLane): Lane {
  if ('because' in lane) throw new Error(`there is no lane: ${lane.because}`);
  return lane;
}

const http = (host: string) => `http://${host}:8888`;

describe('turns with a Druid', () => {
  it('are few at once, and none takes one of another Druid', () => {
    const lanes = lanesOn();
    const [first] = [entered(lanes.enter(http('a'), '1')), entered(lanes.enter(http('a'), '2'))];
    expect(lanes.enter(http('a'), '3')).toMatchObject({ because: 'Full' });
    entered(lanes.enter(http('b'), '4'));
    first.leave('Answered');
    entered(lanes.enter(http('a'), '3'));
  });

  it('are those of one Druid, however its address is written', () => {
    const lanes = lanesOn();
    entered(lanes.enter('http://a.example', '1'));
    entered(lanes.enter('http://A.example:80/', '2'));
    expect(lanes.enter('http://a.example.', '3')).toMatchObject({ because: 'Full' });
  });

  it('rest when no connection stands, then one pass asks at a time, until Druid answers', async () => {
    const clock = new FakeClock();
    const lanes = lanesOn(clock);
    entered(lanes.enter(http('a'), '1')).leave('NoConnection');
    expect(lanes.enter(http('a'), '2')).toEqual({ because: 'Resting' });
    await clock.advance(10_000);
    const probe = entered(lanes.enter(http('a'), '2'));
    expect(lanes.enter(http('a'), '1')).toEqual({ because: 'Resting' });
    probe.leave('Answered');
    entered(lanes.enter(http('a'), '1'));
    entered(lanes.enter(http('a'), '2'));
  });

  it('rest longer after each silence, but not more than twice as long', async () => {
    const clock = new FakeClock();
    const lanes = lanesOn(clock);
    let lane = entered(lanes.enter(http('a'), '1'));
    const rests: number[] = [];
    for (let silence = 0; silence < 5; silence += 1) {
      lane.leave(silence === 0 ? 'NoConnection' : 'Silent');
      const since = clock.monotonic();
      let next = lanes.enter(http('a'), '1');
      while ('because' in next) {
        await clock.advance(10_000);
        next = lanes.enter(http('a'), '1');
      }
      rests.push(clock.monotonic() - since);
      lane = next;
    }
    expect(rests).toEqual([10_000, 20_000, 20_000, 20_000, 20_000]);
  });
});

describe('an ingestion that gets no answer', () => {
  const ends = (
    lanes: DruidLanes,
    ...turns: readonly (readonly [who: string, end: Parameters<Lane['leave']>[0]])[]
  ) => {
    for (const [who, end] of turns) entered(lanes.enter(http('a'), who)).leave(end);
    return lanes.enter(http('a'), 'other');
  };

  it('holds up nobody else, however often', () => {
    const again = ends(lanesOn(), ...Array.from({ length: 9 }, () => ['slow', 'Silent'] as const));
    expect(again).not.toHaveProperty('because');
  });

  it('holds up nobody else by changes that take long, nor do others with it', () => {
    const changes = ['1', '2', '3', '4'].map((who) => [who, 'Unknown'] as const);
    expect(ends(lanesOn(), ...changes)).not.toHaveProperty('because');
  });

  it('has Druid left alone when two others get none in a row', () => {
    expect(ends(lanesOn(), ['1', 'Silent'], ['2', 'Silent'], ['3', 'Silent'])).toEqual({ because: 'Resting' });
    expect(ends(lanesOn(), ['1', 'Silent'], ['2', 'Silent'], ['4', 'Answered'], ['3', 'Silent'])).not.toHaveProperty(
      'because',
    );
  });
});

describe('who finds no room', () => {
  function full(lanes: DruidLanes): readonly Lane[] {
    return [entered(lanes.enter(http('a'), 'x')), entered(lanes.enter(http('a'), 'y'))];
  }

  function waitOf(lanes: DruidLanes, who: string): number {
    const lane = lanes.enter(http('a'), who);
    return 'because' in lane && lane.because === 'Full' ? lane.afterMs : 0;
  }

  it('comes again the later, the more came before, and keeps the place', () => {
    const lanes = lanesOn();
    full(lanes);
    expect(['1', '2', '3', '4', '5'].map((who) => waitOf(lanes, who))).toEqual([500, 500, 1_000, 1_000, 1_500]);
    expect(waitOf(lanes, '1')).toBe(500);
  });

  it('comes again within half a minute, so that a thousand look no oftener than some tens of times a second', () => {
    const lanes = lanesOn();
    full(lanes);
    const waits = Array.from({ length: 1_000 }, (_, who) => waitOf(lanes, String(who)));
    expect(Math.max(...waits)).toBe(30_000);
    expect(waits.reduce((looks, waitMs) => looks + 1_000 / waitMs, 0)).toBeLessThan(100);
  });

  it('is not kept a place for who does not come again', async () => {
    const clock = new FakeClock();
    const lanes = lanesOn(clock);
    const [first] = full(lanes);
    for (const who of ['1', '2', '3', '4']) waitOf(lanes, who);
    await clock.advance(120_000);
    first?.leave('Answered');
    entered(lanes.enter(http('a'), 'z'));
    expect(waitOf(lanes, '5')).toBe(500);
  });

  it.each([0, 0.99])('comes at a time that chance spreads: %d', (chance) => {
    const lanes = new DruidLanes(new FakeClock(), { ...limits, restMs: millis(1) }, () => chance);
    full(lanes);
    expect(waitOf(lanes, '1')).toBe(chance === 0 ? 375 : 623);
  });
});
