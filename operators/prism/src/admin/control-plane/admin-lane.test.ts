import { FakeClock } from '@capstan/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AdminLane } from './admin-lane.ts';
import type { Failure } from './control-plane.ts';
import type { ErrandOutcome } from './errand.ts';
import { aRequest, aTarget, ScriptedAdmin } from './scripted-admin.fixture.ts';

const gone: Failure = { kind: 'Unreachable', message: 'the connection is refused' };

function aLane({ target = aTarget }: { target?: ConstructorParameters<typeof AdminLane>[0] } = {}) {
  const admin = new ScriptedAdmin();
  const clock = new FakeClock();
  const stop = new AbortController();
  const lane = new AdminLane(target, { dial: admin.dial, clock, signal: stop.signal });
  const ends: [string, ErrandOutcome][] = [];
  const submit = (who: string, { known = false, metadata = {} } = {}) =>
    lane.submit({
      ...{ who, request: aRequest(who, metadata), end: (outcome: ErrandOutcome) => void ends.push([who, outcome]) },
      ...(known && { known: { partition: 7, proxy: 'shop.prism' } }),
    });
  return { admin, clock, stop, lane, ends, submit, idle: () => untilIdle(lane) };
}

async function untilIdle(lane: AdminLane): Promise<void> {
  do await new Promise((resolve) => setImmediate(resolve));
  while (!lane.isIdle);
}

describe('the one way to a prism-admin', () => {
  it('registers a proxy when the first namespace needs one, tells the others, and reads all back at once', async () => {
    const { admin, ends, submit, idle } = aLane();
    for (const who of ['a', 'b', 'c']) submit(who);
    await idle();
    expect(admin.calls).toEqual([
      ...['create a', 'register shop.prism', 'create a', 'create b', 'create c'],
      'register shop.prism',
    ]);
    expect(ends.map(([who, { kind }]) => `${who} ${kind}`)).toEqual(['a Settled', 'b Settled', 'c Settled']);
  });

  it('asks once for all that are known, and tells only what is not there any more', async () => {
    const { admin, ends, submit, idle } = aLane();
    admin.hasProxy = true;
    admin.namespaces.set('a', aRequest('a'));
    for (const who of ['a', 'b']) submit(who, { known: true });
    await idle();
    expect(admin.calls).toEqual(['register shop.prism', 'create b', 'register shop.prism']);
    expect(ends.map(([who, { kind }]) => `${who} ${kind}`)).toEqual(['a Settled', 'b Settled']);
  });

  it('tells again what is there otherwise than it should be', async () => {
    const { admin, submit, idle } = aLane();
    admin.hasProxy = true;
    admin.namespaces.set('a', aRequest('a', { isolation: 'none' }));
    submit('a', { known: true, metadata: { isolation: 'session' } });
    await idle();
    expect(admin.namespaces.get('a')?.metadata).toEqual({ isolation: 'session' });
  });

  it('tells again what is nobody’s to see any more, and is content then', async () => {
    const { admin, ends, submit, idle } = aLane();
    admin.hasProxy = true;
    admin.ranges = [{ start: 128, end: 255 }];
    admin.hidden.add('a');
    submit('a', { known: true });
    await idle();
    expect(admin.calls).toEqual(['register shop.prism', 'create a', 'register shop.prism']);
    expect(ends).toMatchObject([['a', { kind: 'Settled', confirmation: 'OutOfSight' }]]);
  });

  it('does not believe a yes that the read does not bear out', async () => {
    const { admin, ends, submit, idle } = aLane();
    admin.forgets.add('a');
    submit('a');
    await idle();
    expect(ends).toEqual([['a', expect.objectContaining({ kind: 'NotConfirmed' })]]);
  });

  it('registers nobody where no proxy is to be registered, and so reads nothing', async () => {
    const { address, incarnation } = aTarget;
    const { admin, ends, submit, idle } = aLane({ target: { address, incarnation } });
    submit('a');
    await idle();
    admin.hasProxy = true;
    submit('b', { known: true });
    await idle();
    expect(admin.calls).toEqual(['create a', 'create b']);
    expect(ends).toMatchObject([
      ['a', { kind: 'WaitingForProxy' }],
      ['b', { kind: 'Settled', confirmation: 'NotReadBack' }],
    ]);
  });

  it('makes one attempt for all who wait while nobody answers, and leaves the admin alone for longer each time', async () => {
    const { admin, clock, ends, submit, idle } = aLane();
    admin.trouble = () => gone;
    const rests: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      for (const who of ['a', 'b', 'c']) expect(submit(who)).toBeUndefined();
      await idle();
      const rest = submit('a')?.afterMs ?? 0;
      rests.push(rest);
      await clock.advance(rest);
    }
    expect(admin.calls).toEqual(Array.from({ length: 7 }, () => 'create a'));
    expect(ends).toHaveLength(21);
    expect(rests).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('tries an admin at once that was started anew', async () => {
    const { admin, lane, submit, idle } = aLane();
    admin.trouble = () => gone;
    submit('a');
    await idle();
    expect(submit('a')).toMatchObject({ failure: gone });
    lane.aim({ ...aTarget, incarnation: 'second' });
    expect(submit('a')).toBeUndefined();
  });

  it('goes on for the others when one is answered with a no', async () => {
    const { admin, ends, submit, idle } = aLane();
    admin.hasProxy = true;
    admin.trouble = (call) => (call === 'create a' ? { kind: 'Refused', message: 'no' } : undefined);
    for (const who of ['a', 'b']) submit(who);
    await idle();
    expect(ends.map(([who, { kind }]) => `${who} ${kind}`)).toEqual(['a Refused', 'b Settled']);
  });

  it('takes whoever comes just when it has closed its connection', async () => {
    const { admin, ends, submit, idle } = aLane();
    admin.onClose = () => {
      admin.onClose = () => {};
      submit('b');
    };
    submit('a');
    await idle();
    await idle();
    expect(ends.map(([who, { kind }]) => `${who} ${kind}`)).toEqual(['a Settled', 'b Settled']);
  });

  it('ends with its signal, telling nobody anything', async () => {
    const { admin, stop, ends, submit, idle } = aLane();
    for (const who of ['a', 'b']) submit(who);
    await Promise.resolve();
    stop.abort();
    await idle();
    expect([ends, admin.open, admin.calls.length <= 1]).toEqual([[], 0, true]);
  });

  it('tells everybody when a call throws what nobody expects', async () => {
    const { admin, ends, submit, idle } = aLane();
    admin.trouble = () => {
      throw new RangeError('out of range');
    };
    for (const who of ['a', 'b']) submit(who);
    await idle();
    expect(ends.map(([who, { kind }]) => `${who} ${kind}`)).toEqual(['a Unreachable', 'b Unreachable']);
  });
});

type Deed =
  | { readonly does: 'submit'; readonly who: string; readonly known: boolean }
  | { readonly does: 'withdraw'; readonly who: string }
  | { readonly does: 'wait'; readonly turns: number }
  | { readonly does: 'break' | 'mend' };

const who = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const deeds: fc.Arbitrary<readonly Deed[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ does: fc.constant('submit' as const), who, known: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('withdraw' as const), who }) },
    { weight: 3, arbitrary: fc.record({ does: fc.constant('wait' as const), turns: fc.nat(4) }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('break' as const, 'mend' as const) }) },
  ),
  { maxLength: 40 },
);

describe('whatever is asked of it, and whenever,', () => {
  it('never has two calls under way, forgets nobody, and closes its connection', async () => {
    await fc.assert(
      fc.asyncProperty(deeds, async (all) => {
        const { admin, clock, lane, ends, submit, idle } = aLane();
        const expected = new Set<string>();
        for (const deed of all) {
          if (deed.does === 'submit' && submit(deed.who, { known: deed.known }) === undefined) expected.add(deed.who);
          if (deed.does === 'withdraw') lane.withdraw(deed.who);
          if (deed.does === 'withdraw') expected.delete(deed.who);
          if (deed.does === 'break') admin.trouble = () => gone;
          if (deed.does === 'mend') admin.trouble = () => undefined;
          if (deed.does === 'wait')
            for (let turn = 0; turn < deed.turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        }
        await idle();
        await clock.advance(30_000);
        const told = new Set(ends.map(([name]) => name));
        expect([...expected].filter((name) => !told.has(name))).toEqual([]);
        expect([admin.mostAtOnce <= 1, admin.open, lane.isIdle]).toEqual([true, 0, true]);
      }),
      { numRuns: 200 },
    );
  });

  it('tells them in the order in which they came', async () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(names, async (all) => {
        const { admin, submit, idle } = aLane();
        admin.hasProxy = true;
        for (const name of all) submit(name);
        await idle();
        const created = admin.calls.filter((call) => call.startsWith('create '));
        expect(created).toEqual(all.map((name) => `create ${name}`));
        expect(admin.calls.length - created.length).toBeLessThanOrEqual(Math.ceil(all.length / 32));
      }),
      { numRuns: 30 },
    );
  });
});
