import { type Millis, millis, minutes, seconds } from '@capstan/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import type { Decision, Observation, Rules } from './decision.ts';

const names = ['east', 'north', 'west'] as const;
const member = (name: string, more: object = {}) => ({ name, weight: 100, priority: 0, ...more });

function rules(more: Partial<Rules> = {}): Rules {
  return {
    ...{ strategy: 'weighted', failover: true, failureThreshold: 3, successThreshold: 3, hold: seconds(60) },
    ...{ band: { percent: 20, atLeast: millis(5) }, patience: seconds(10), members: names.map((name) => member(name)) },
    ...more,
  };
}

const well = (latency = 10, inARow = 3): Observation => ({ verdict: 'Healthy', inARow, latency: millis(latency) });
const ill = (inARow = 3): Observation => ({ verdict: 'Unhealthy', inARow });
const all = (each: Observation) => Object.fromEntries(names.map((name) => [name, each]));

/** Decides once a second from the last decision on, so many times. */
function decided(
  before: Decision | undefined,
  seen: Record<string, Observation>,
  by: Rules,
  from: number,
  times = 1,
): Decision {
  let decision = before;
  for (let tick = 0; tick < times; tick += 1) decision = decide(decision, seen, by, seconds(from + tick));
  if (decision === undefined) throw new Error('decided not once');
  return decision;
}

describe('a member that fails', () => {
  const by = rules({ strategy: 'priority', members: [member('east'), member('west', { priority: 1 })] });
  const start = decided(undefined, all(well()), by, 0);

  it('keeps its traffic until it has failed often enough', () => {
    expect(start.weights).toEqual({ east: 100 });
    const once = decided(start, { ...all(well()), east: ill(2) }, by, 1);
    expect(once.weights).toEqual({ east: 100 });
    const gone = decided(once, { ...all(well()), east: ill(3) }, by, 2);
    expect([gone.weights, gone.standings['east']?.displaced]).toEqual([{ west: 100 }, true]);
  });

  it('gets it back when it has been out for the hold and is steady', () => {
    const gone = decided(start, { ...all(well()), east: ill() }, by, 1);
    expect(decided(gone, all(well()), by, 60).weights).toEqual({ west: 100 });
    expect(decided(gone, { ...all(well()), east: well(10, 2) }, by, 61).weights).toEqual({ west: 100 });
    const back = decided(gone, all(well()), by, 61);
    expect([back.weights, back.standings['east']?.displaced]).toEqual([{ east: 100 }, false]);
  });

  it('keeps its traffic where failover is off', () => {
    const off = { ...by, failover: false };
    const failing = decided(decided(undefined, all(well()), off, 0), { ...all(well()), east: ill() }, off, 1, 100);
    expect(failing.weights).toEqual({ east: 100 });
    expect(failing.standings['east']).toMatchObject({ is: 'Out', displaced: false });
  });

  it('leaves it to nobody who has just failed as well', () => {
    const both = decided(start, { east: ill(3), west: ill(1) }, by, 1);
    expect([both.weights, both.basis]).toEqual([{ east: 100 }, 'Static']);
    expect(decided(both, { east: ill(4), west: well(10, 1) }, by, 2).weights).toEqual({ west: 100 });
  });
});

describe('the fastest', () => {
  const by = rules({ strategy: 'latency-based' });
  const start = decided(undefined, { east: well(10), north: well(50), west: well(60) }, by, 0);

  it('has all traffic, and keeps it while another is only a little faster', () => {
    expect(start.weights).toEqual({ east: 100 });
    expect(decided(start, { east: well(10), north: well(9), west: well(6) }, by, 100).weights).toEqual({ east: 100 });
    expect(decided(start, { east: well(100), north: well(81), west: well(90) }, by, 100).weights).toEqual({
      east: 100,
    });
  });

  it('loses it to one that is much faster, and not before it has had it for the hold', () => {
    const slow = { east: well(100), north: well(50), west: well(60) };
    expect(decided(start, slow, by, 59).weights).toEqual({ east: 100 });
    expect(decided(start, slow, by, 60).weights).toEqual({ north: 100 });
  });

  it('keeps it through a failure, although nothing is known of its latency then', () => {
    expect(decided(start, { ...all(well(50)), east: ill(1) }, by, 100).weights).toEqual({ east: 100 });
  });
});

describe('the first decision', () => {
  const by = rules({ strategy: 'latency-based' });
  const answered = { east: well(50), north: well(10) };

  it('waits a while for members that have not answered', () => {
    const waiting = decided(undefined, answered, by, 0, 10);
    expect([waiting.weights, waiting.basis]).toEqual([{}, 'Waiting']);
    expect(decided(waiting, answered, by, 10).weights).toEqual({ north: 100 });
    expect(decided(waiting, { ...answered, west: ill(1) }, by, 9).weights).toEqual({ north: 100 });
  });

  it('is none while nobody is healthy', () => {
    const nobody = decided(undefined, all(ill()), by, 0);
    expect([nobody.weights, nobody.basis]).toEqual([{}, 'Nobody']);
  });
});

describe('the spec', () => {
  it('takes a member with weight 0 out of traffic, also when nobody else is left', () => {
    const by = rules({
      members: [member('east', { weight: 0 }), member('west', { weight: 3 }), member('north', { weight: 1 })],
    });
    const start = decided(undefined, all(well()), by, 0);
    expect(start.weights).toEqual({ north: 25, west: 75 });
    const alone = decided(start, { east: well(), west: ill(), north: ill() }, by, 1);
    expect([alone.weights, alone.basis]).toEqual([{ north: 25, west: 75 }, 'Static']);
  });

  it('that drops a member leaves the weights to the others', () => {
    const start = decided(undefined, all(well()), rules(), 0);
    const fewer = rules({ members: [member('east'), member('west')] });
    expect(decided(start, all(ill()), fewer, 1).weights).toEqual({ east: 51, west: 49 });
  });
});

describe('a member that the spec takes the traffic from', () => {
  const by = rules({ strategy: 'priority', members: [member('east'), member('west', { priority: 1 })] });
  const start = decided(undefined, { east: well(), west: ill() }, by, 0);
  const seen = { east: well(), west: ill() };

  it.each([
    { how: 'by its weight', members: [member('east', { weight: 0 }), member('west', { priority: 1 })] },
    { how: 'by leaving the list', members: [member('west', { priority: 1 })] },
  ])('$how loses it although no other is healthy, and that is remembered', ({ members }) => {
    const taken = decided(start, seen, { ...by, members }, 1, 3);
    expect([taken.weights, taken.basis, taken.withdrawn]).toEqual([{}, 'Withdrawn', true]);
    const healed = decided(taken, { ...seen, west: well() }, { ...by, members }, 10);
    expect([healed.weights, healed.withdrawn]).toEqual([{ west: 100 }, false]);
  });

  it('leaves it undecided until the others have been asked', () => {
    const members = [member('north')];
    const waiting = decided(start, {}, { ...by, members }, 1, 3);
    expect([waiting.weights, waiting.basis]).toEqual([{}, 'Waiting']);
    expect(decided(waiting, { north: ill() }, { ...by, members }, 4).basis).toBe('Withdrawn');
  });
});

describe('a member with a name that every object has', () => {
  it.each(['latency-based', 'weighted', 'priority'] as const)('is one like any other: %s', (strategy) => {
    const by = rules({ strategy, members: [member('constructor'), member('east', { priority: 1 })] });
    const start = decided(undefined, { east: well(5), constructor: ill() } as Record<string, Observation>, by, 0);
    expect(start.weights).toEqual({ east: 100 });
    const later = decided(start, { east: well(5), constructor: well(4) } as Record<string, Observation>, by, 100);
    const expected: Readonly<Record<string, Readonly<Record<string, number>>>> = {
      'latency-based': { east: 100 },
      weighted: { constructor: 50, east: 50 },
      priority: { constructor: 100 },
    };
    expect(later.weights).toEqual(expected[strategy]);
  });
});

const anObservation: fc.Arbitrary<Observation> = fc.oneof(
  fc.record({ verdict: fc.constant('Unknown' as const), inARow: fc.constant(0) }),
  fc.record({ verdict: fc.constant('Unhealthy' as const), inARow: fc.integer({ min: 1, max: 5 }) }),
  fc.record({
    verdict: fc.constant('Healthy' as const),
    inARow: fc.integer({ min: 1, max: 5 }),
    latency: fc.integer({ min: 1, max: 500 }).map(millis),
  }),
);

const someRules: fc.Arbitrary<Rules> = fc.record({
  strategy: fc.constantFrom('latency-based' as const, 'weighted' as const, 'priority' as const),
  failover: fc.boolean(),
  failureThreshold: fc.integer({ min: 1, max: 5 }),
  successThreshold: fc.integer({ min: 1, max: 5 }),
  hold: fc.integer({ min: 0, max: 120 }).map(seconds),
  band: fc.record({ percent: fc.integer({ min: 0, max: 90 }), atLeast: fc.integer({ min: 0, max: 50 }).map(millis) }),
  patience: fc.integer({ min: 0, max: 20 }).map(seconds),
  members: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd', 'e', '__proto__'),
      weight: fc.integer({ min: 0, max: 100 }),
      priority: fc.integer({ min: 0, max: 2 }),
    }),
    { selector: ({ name }) => name, minLength: 1 },
  ),
});

/** What is seen at ticks of one second: of each member something, or nothing. */
const aHistory = fc.array(
  fc.record(Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, anObservation])), { requiredKeys: [] }),
  { minLength: 1, maxLength: 40 },
);

function run(
  by: Rules,
  history: readonly Record<string, Observation | undefined>[],
  offset: Millis = millis(0),
): readonly Decision[] {
  const decisions: Decision[] = [];
  for (const [tick, seen] of history.entries())
    decisions.push(decide(decisions.at(-1), seen as Record<string, Observation>, by, millis(offset + tick * 1_000))); // absent is unseen
  return decisions;
}

/** How often the members with traffic were others than before. */
function switches(decisions: readonly Decision[]): number {
  const carriers = decisions.map(({ weights }) => Object.keys(weights).sort().join());
  return carriers.filter((each, index) => index > 0 && each !== carriers[index - 1]).length;
}

/** A member that is well for a while, then ill for a while, and so on, as its prober would tell it. */
function flapping(phases: readonly number[]): readonly Observation[] {
  return phases.flatMap((length, index) =>
    Array.from({ length }, (_, tick) => (index % 2 === 0 ? well(10, tick + 1) : ill(tick + 1))),
  );
}

describe('whatever is observed', () => {
  it('weights are whole, above 0, of members that the spec gives traffic, and sum to 100 or are none', () => {
    fc.assert(
      fc.property(someRules, aHistory, (by, history) => {
        for (const { weights } of run(by, history)) {
          const shares = Object.values(weights);
          expect(shares.every((share) => Number.isInteger(share) && share > 0)).toBe(true);
          expect([0, 100]).toContain(shares.reduce((sum, share) => sum + share, 0));
          const allowed = by.members.filter(({ weight }) => weight > 0).map(({ name }) => name);
          expect(allowed).toEqual(expect.arrayContaining(Object.keys(weights)));
        }
      }),
    );
  });

  it('what the clock says at the start has no influence', () => {
    fc.assert(
      fc.property(someRules, aHistory, fc.integer({ min: 0, max: 10 ** 9 }), (by, history, offset) => {
        const bare = (decisions: readonly Decision[]) => decisions.map(({ basis, weights }) => ({ basis, weights }));
        expect(bare(run(by, history, millis(offset)))).toEqual(bare(run(by, history)));
      }),
    );
  });

  it('a partition from all of them changes nothing and is told', () => {
    fc.assert(
      fc.property(someRules, aHistory, fc.integer({ min: 1, max: 60 }), (by, history, length) => {
        const before = run(by, history).at(-1);
        let decision = before;
        for (let tick = 0; tick < length; tick += 1) {
          const seen = Object.fromEntries(by.members.map(({ name }) => [name, ill(tick + 1)]));
          decision = decide(decision, seen, by, seconds(history.length + tick));
          expect(decision.weights).toEqual(before?.weights);
          expect(decision.basis).toBe(Object.keys(decision.weights).length > 0 ? 'Static' : 'Nobody');
        }
      }),
    );
  });

  it('a single healthy one gets everything once the others are out', () => {
    fc.assert(
      fc.property(someRules, aHistory, fc.nat(), (drawn, history, pick) => {
        const by = { ...drawn, failover: true };
        const traffic = by.members.filter(({ weight }) => weight > 0);
        const alone = traffic[pick % Math.max(1, traffic.length)]?.name;
        fc.pre(alone !== undefined);
        let decision = run(by, history).at(-1);
        for (let tick = 1; tick <= 200; tick += 1) {
          const seen = Object.fromEntries(
            by.members.map(({ name }) => [name, name === alone ? well(10, tick) : ill(tick)]),
          );
          decision = decide(decision, seen, by, seconds(history.length + tick));
        }
        expect(decision?.weights).toEqual({ [alone ?? '']: 100 });
      }),
    );
  });

  it('one that flaps beside steady ones moves traffic at most twice per hold', () => {
    const strategies = fc.constantFrom('latency-based' as const, 'weighted' as const, 'priority' as const);
    const phases = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 2, maxLength: 100 });
    fc.assert(
      fc.property(strategies, phases, fc.integer({ min: 1, max: 60 }), (strategy, lengths, hold) => {
        const members = [member('east'), member('west', { priority: 1 }), member('north', { priority: 2 })];
        const by = rules({ strategy, hold: seconds(hold), members });
        const history = flapping(lengths).map((east) => ({ east, west: well(100), north: well(200) }));
        expect(switches(run(by, history))).toBeLessThanOrEqual(2 * (Math.floor(history.length / hold) + 1));
      }),
    );
  });

  it('latencies that jump about move traffic at most once per hold', () => {
    const latencies = fc.array(fc.tuple(...names.map(() => fc.integer({ min: 1, max: 500 }))), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(latencies, fc.integer({ min: 1, max: 60 }), (rows, hold) => {
        const by = rules({ strategy: 'latency-based', hold: seconds(hold) });
        const history = rows.map((row) => Object.fromEntries(names.map((name, index) => [name, well(row[index])])));
        expect(switches(run(by, history))).toBeLessThanOrEqual(Math.floor(rows.length / hold));
      }),
    );
  });

  it('a hold of minutes keeps a member out for minutes, however well it is', () => {
    const by = rules({ hold: minutes(5) });
    const gone = decided(decided(undefined, all(well()), by, 0), { ...all(well()), east: ill() }, by, 1);
    expect(decided(gone, all(well()), by, 2, 299).weights).not.toHaveProperty('east');
    expect(decided(gone, all(well()), by, 2, 300).weights).toHaveProperty('east');
  });
});
