import { describe, expect, it } from 'vitest';
import { FightLedger, type Taking } from './fights.ts';

const MINUTE = 60_000;

function aTaking(path: string, by = 'rival'): Taking {
  return { path, by };
}

function aLedger() {
  let now = 1_000_000;
  const ledger = new FightLedger({ clock: { monotonic: () => now } });
  const image = aTaking('.spec.image');
  return {
    ledger,
    pass: (ms: number) => {
      now += ms;
    },
    taken: (taking: Taking = image, version?: string) => ledger.record('a', [taking], version),
  };
}

describe('FightLedger', () => {
  it('answers three takings within ten minutes at once, and stands back from the fourth', () => {
    const { taken, pass } = aLedger();
    const fights = Array.from({ length: 4 }, () => {
      pass(MINUTE);
      return taken();
    });
    expect(fights).toEqual([
      undefined,
      undefined,
      undefined,
      { path: '.spec.image', by: 'rival', taken: 4, retryAfterMs: MINUTE },
    ]);
  });

  it('does not mind as many takings spread over hours', () => {
    const { taken, pass } = aLedger();
    for (let count = 0; count < 20; count += 1) {
      expect(taken()).toBeUndefined();
      pass(4 * MINUTE);
    }
  });

  it('stands back until the time is over, then applies once, then stands back twice as long', () => {
    const { taken, pass } = aLedger();
    for (let count = 0; count < 4; count += 1) taken();
    pass(20_000);
    expect(taken()?.retryAfterMs).toBe(40_000);
    pass(40_000);
    expect(taken()).toBeUndefined();
    pass(1_000);
    expect(taken()?.retryAfterMs).toBe(2 * MINUTE);
  });

  it('never stands back for longer than 16 minutes', () => {
    const { taken, pass } = aLedger();
    const waits: number[] = [];
    for (let round = 0; round < 80; round += 1) {
      const fight = taken();
      if (fight === undefined) continue;
      waits.push(fight.retryAfterMs / MINUTE);
      pass(fight.retryAfterMs);
    }
    expect(waits.slice(0, 7)).toEqual([1, 2, 4, 8, 16, 16, 16]);
  });

  it('forgets the fight when the field is left alone for ten minutes', () => {
    const { ledger, taken, pass } = aLedger();
    for (let count = 0; count < 4; count += 1) taken();
    pass(11 * MINUTE);
    ledger.record('b', []);
    expect(ledger.size).toBe(0);
    expect([taken(), taken(), taken()]).toEqual([undefined, undefined, undefined]);
  });

  it('counts each manager, each path and each child by itself', () => {
    const { ledger } = aLedger();
    const takings = [aTaking('.a', 'x'), aTaking('.b', 'y')];
    for (let count = 0; count < 3; count += 1) {
      expect(ledger.record('a', takings)).toBeUndefined();
      expect(ledger.record('b', takings)).toBeUndefined();
    }
    expect(ledger.record('a', [aTaking('.a', 'z')])).toBeUndefined();
    expect(ledger.record('a', [aTaking('.b', 'y')])).toMatchObject({ path: '.b', by: 'y' });
  });

  it('counts one version of an object once, however often it is judged', () => {
    const { taken } = aLedger();
    for (let retry = 0; retry < 10; retry += 1) expect(taken(aTaking('.spec.image'), '7')).toBeUndefined();
  });

  it('forgets a child that is gone', () => {
    const { ledger, taken } = aLedger();
    taken();
    ledger.forget('a');
    expect(ledger.size).toBe(0);
  });
});
