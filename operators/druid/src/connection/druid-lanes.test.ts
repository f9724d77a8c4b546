import { seconds } from '@capstan/runtime';
import { FakeClock } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { DruidLanes, type Lane, type NoLane } from './druid-lanes.ts';

const limits = { most: 2, restMs: seconds(10) };

function entered(lane: Lane | NoLane): Lane {
  if ('because' in lane) throw new Error(`there is no lane: ${lane.because}`);
  return lane;
}

describe('turns with a Druid', () => {
  it('are few at once, and none takes one of another Druid', () => {
    const lanes = new DruidLanes(new FakeClock(), limits);
    const [first] = [entered(lanes.enter('a')), entered(lanes.enter('a'))];
    expect(lanes.enter('a')).toEqual({ because: 'Full' });
    entered(lanes.enter('b'));
    first.leave(false);
    entered(lanes.enter('a'));
  });

  it('rest after silence, then one pass asks at a time, until Druid answers', async () => {
    const clock = new FakeClock();
    const lanes = new DruidLanes(clock, limits);
    entered(lanes.enter('a')).leave(true);
    expect(lanes.enter('a')).toEqual({ because: 'Resting' });
    await clock.advance(10_000);
    const probe = entered(lanes.enter('a'));
    expect(lanes.enter('a')).toEqual({ because: 'Resting' });
    probe.leave(false);
    entered(lanes.enter('a'));
    entered(lanes.enter('a'));
  });

  it('rest longer after each silence, but not more than twice as long', async () => {
    const clock = new FakeClock();
    const lanes = new DruidLanes(clock, limits);
    let lane = entered(lanes.enter('a'));
    const rests: number[] = [];
    for (let silence = 0; silence < 5; silence += 1) {
      lane.leave(true);
      const since = clock.monotonic();
      let next = lanes.enter('a');
      while ('because' in next) {
        await clock.advance(10_000);
        next = lanes.enter('a');
      }
      rests.push(clock.monotonic() - since);
      lane = next;
    }
    expect(rests).toEqual([10_000, 20_000, 20_000, 20_000, 20_000]);
  });
});
