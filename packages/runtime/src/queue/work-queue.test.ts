import { FakeClock } from '@capstan/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';
import {
  type PassOutcome,
  type Priority,
  type Trigger,
  type Work,
  WorkQueue,
  type WorkQueueOptions,
} from './work-queue.ts';

const edit: Trigger = { priority: 'edit', reason: 'resource changed' };
const child: Trigger = { priority: 'child', reason: 'Pod/a changed' };
const initial: Trigger = { priority: 'initial', reason: 'resource appeared' };

function aQueue({ random = () => 1, ageingMs = 10_000, ...rest }: Partial<WorkQueueOptions> = {}) {
  const clock = new FakeClock();
  const backoff = { baseMs: 1_000, maxMs: 60_000 };
  const queue = new WorkQueue<string>({ clock, random, ageingMs, backoff, ...rest });
  return { clock, queue };
}

/** Takes a key that must be ready now. */
async function take(queue: WorkQueue<string>): Promise<Work<string>> {
  const work = await queue.next(AbortSignal.timeout(1_000));
  if (work === undefined) throw new Error('nothing was ready');
  return work;
}

/** Takes and ends all that is ready now; the keys in order. */
async function drain(queue: WorkQueue<string>, outcome: PassOutcome = 'ok'): Promise<string[]> {
  const keys: string[] = [];
  while (queue.depth().ready > 0) {
    const work = await take(queue);
    keys.push(work.key);
    queue.done(work, outcome);
  }
  return keys;
}

async function fail(queue: WorkQueue<string>, times = 1): Promise<void> {
  for (let round = 0; round < times; round += 1) queue.done(await take(queue), { retry: true });
}

describe('the order of a work queue', () => {
  it('is by priority, then by the time a key came', async () => {
    const { queue } = aQueue();
    const keysBy: Record<Priority, string> = { initial: 'i', resync: 's', requeue: 'q', child: 'c', edit: 'e' };
    for (const [priority, key] of Object.entries(keysBy)) {
      queue.add(`${key}1`, { priority: priority as Priority, reason: 'test' });
      queue.add(`${key}2`, { priority: priority as Priority, reason: 'test' });
    }
    expect(await drain(queue)).toEqual(['e1', 'e2', 'c1', 'c2', 'q1', 'q2', 's1', 's2', 'i1', 'i2']);
  });

  it('moves a key forward when a more urgent reason comes', async () => {
    const { queue } = aQueue();
    for (const key of ['a', 'b', 'c']) queue.add(key, initial);
    queue.add('c', edit);
    expect(await drain(queue)).toEqual(['c', 'a', 'b']);
  });

  it('does not move a key back when a less urgent reason comes', async () => {
    const { queue } = aQueue();
    queue.add('a', edit);
    queue.add('b', child);
    queue.add('a', initial);
    expect(await drain(queue)).toEqual(['a', 'b']);
  });

  it('lets a key that has waited long overtake: ten seconds for each step of priority', async () => {
    const { clock, queue } = aQueue();
    queue.add('old', initial);
    await clock.advance(39_999);
    queue.add('before', edit);
    await clock.advance(2);
    queue.add('after', edit);
    expect(await drain(queue)).toEqual(['before', 'old', 'after']);
  });

  it('serves an initial list in the end, though edits never cease', async () => {
    const { clock, queue } = aQueue();
    queue.add('patient', initial);
    let passes = 0;
    for (let key = ''; key !== 'patient'; passes += 1) {
      queue.add(`edit-${passes}-a`, edit);
      queue.add(`edit-${passes}-b`, edit);
      const work = await take(queue);
      queue.done(work, 'ok');
      key = work.key;
      await clock.advance(1_000);
    }
    // Two edits come for each pass: at 41 s the edits of the first 20 passes have gone, and those since 40 s are younger.
    expect(passes).toBeLessThan(90);
  });
});

describe('a key of a work queue', () => {
  it('is in line once, with every reason and how often it came', async () => {
    const { queue } = aQueue();
    for (const trigger of [edit, child, child]) queue.add('a', trigger);
    const work = await take(queue);
    expect(work).toEqual({
      key: 'a',
      triggers: [
        { ...edit, count: 1 },
        { ...child, count: 2 },
      ],
      failures: 0,
      waitedMs: 0,
    });
    expect(queue.depth()).toMatchObject({ ready: 0, delayed: 0, running: 1, oldestReadyMs: 0 });
  });

  it('is not handed out while it runs; what comes meanwhile starts one more pass', async () => {
    const { queue } = aQueue();
    queue.add('a', edit);
    const first = await take(queue);
    queue.add('a', child);
    queue.add('a', child);
    expect(queue.depth().ready).toBe(0);
    queue.done(first, 'ok');
    expect((await take(queue)).triggers).toEqual([{ ...child, count: 2 }]);
  });

  it('is forgotten after a pass for which nothing more came', async () => {
    const { queue } = aQueue();
    queue.add('a', edit);
    expect(await drain(queue)).toEqual(['a']);
    expect(queue.depth()).toMatchObject({ ready: 0, delayed: 0, running: 0, oldestReadyMs: 0 });
  });

  it('is given back once', async () => {
    const { queue } = aQueue();
    queue.add('a', edit);
    const work = await take(queue);
    queue.done(work, 'ok');
    expect(() => queue.done(work, 'ok')).toThrow('the pass of a was ended before: end each pass once');
  });

  it('keeps a bounded number of reasons', async () => {
    const { queue } = aQueue();
    for (let index = 0; index < 1_000; index += 1)
      queue.add('a', { priority: 'child', reason: `Pod/${index} changed` });
    const { triggers } = await take(queue);
    expect(triggers).toHaveLength(65);
    expect(triggers.at(-1)).toEqual({ priority: 'requeue', reason: 'further reasons', count: 936 });
  });
});

describe('a delay', () => {
  it('keeps a key back until its time, and no longer', async () => {
    const { clock, queue } = aQueue();
    queue.add('a', child, 5_000);
    await clock.advance(4_999);
    expect(await drain(queue)).toEqual([]);
    await clock.advance(1);
    expect(await drain(queue)).toEqual(['a']);
  });

  it.each([
    [1_000, 5_000],
    [5_000, 1_000],
  ])('of %i ms and one of %i ms end with the shorter', async (first, second) => {
    const { clock, queue } = aQueue();
    queue.add('a', child, first);
    queue.add('a', child, second);
    await clock.advance(999);
    expect(await drain(queue)).toEqual([]);
    await clock.advance(1);
    expect(await drain(queue)).toEqual(['a']);
  });

  it('asked for by a pass is kept, unless something comes sooner, and is no reason for what comes sooner', async () => {
    const { clock, queue } = aQueue();
    const reasons = async () => (await take(queue)).triggers.map(({ reason }) => reason);
    queue.add('a', edit);
    queue.done(await take(queue), { requeueAfterMs: 60_000 });
    await clock.advance(30_000);
    queue.add('a', child);
    expect(await reasons()).toEqual(['Pod/a changed']);
    queue.add('b', edit);
    queue.done(await take(queue), { requeueAfterMs: 60_000 });
    await clock.advance(60_000);
    queue.add('b', child);
    expect(await reasons()).toEqual(['asked for by the last pass', 'Pod/a changed']);
  });

  it('wakes a worker that waits', async () => {
    const { clock, queue } = aQueue();
    const waiting = queue.next();
    queue.add('a', child, 5_000);
    await clock.advance(5_000);
    expect((await waiting)?.key).toBe('a');
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('a failure', () => {
  it('is tried again after a wait that doubles up to its limit', async () => {
    const { clock, queue } = aQueue();
    queue.add('a', edit);
    const waits: number[] = [];
    for (let failures = 1; failures <= 8; failures += 1) {
      await fail(queue);
      const before = clock.monotonic();
      while (queue.depth().ready === 0) await clock.advance(1_000);
      waits.push(clock.monotonic() - before);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  });

  it('waits anything from nothing to the limit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (failures, luck) => {
          const wait = backoffMs(failures, () => luck, { baseMs: 100, maxMs: 5_000 });
          expect(wait).toBe(luck * Math.min(5_000, 100 * 2 ** (failures - 1)));
        },
      ),
    );
  });

  it('is not tried sooner because of events of children, which are told to the next pass', async () => {
    const { clock, queue } = aQueue();
    queue.add('a', edit);
    await fail(queue);
    for (let second = 0; second < 9; second += 1) {
      queue.add('a', child);
      await clock.advance(100);
    }
    expect(queue.depth()).toMatchObject({ ready: 0, delayed: 1 });
    await clock.advance(100);
    const work = await take(queue);
    expect(work).toMatchObject({
      failures: 1,
      triggers: [
        { reason: 'tried again after a failure', count: 1 },
        { reason: 'Pod/a changed', count: 9 },
      ],
    });
  });

  it('is not tried sooner because of events that came while the pass ran', async () => {
    const { clock, queue } = aQueue();
    queue.add('a', edit);
    const work = await take(queue);
    queue.add('a', child);
    queue.done(work, { retry: true });
    await clock.advance(999);
    expect(queue.depth().ready).toBe(0);
    await clock.advance(1);
    expect(queue.depth().ready).toBe(1);
  });

  it('is tried at once when the user edits, during the wait or while the pass ran', async () => {
    const { queue } = aQueue();
    queue.add('a', child);
    await fail(queue);
    queue.add('a', edit);
    const second = await take(queue);
    queue.add('a', edit);
    queue.done(second, { retry: true });
    expect((await take(queue)).failures).toBe(2);
  });

  it('keeps its count under edits and events until a pass succeeds', async () => {
    const { clock, queue } = aQueue();
    queue.add('a', edit);
    for (let round = 0; round < 4; round += 1) {
      await fail(queue);
      queue.add('a', child);
      queue.add('a', edit);
    }
    const fifth = await take(queue);
    expect(fifth.failures).toBe(4);
    queue.done(fifth, 'ok');
    queue.add('a', edit);
    await fail(queue);
    await clock.advance(1_000);
    expect((await take(queue)).failures).toBe(1);
  });

  it('waits at least as long as the server asked', async () => {
    const { clock, queue } = aQueue();
    queue.add('a', edit);
    queue.done(await take(queue), { retry: true, afterMs: 20_000 });
    await clock.advance(19_999);
    expect(queue.depth().ready).toBe(0);
    await clock.advance(1);
    expect(queue.depth().ready).toBe(1);
  });

  it('does not hold other keys up', async () => {
    const { queue } = aQueue();
    queue.add('a', edit);
    await fail(queue);
    queue.add('b', initial);
    expect(await drain(queue)).toEqual(['b']);
  });
});

describe('the end of a work queue', () => {
  it('wakes everybody who waits, with nothing', async () => {
    const { clock, queue } = aQueue();
    const waiting = Promise.all([queue.next(), queue.next()]);
    queue.add('later', child, 1_000);
    queue.shutDown();
    expect(await waiting).toEqual([undefined, undefined]);
    expect(await queue.next()).toBeUndefined();
    expect(clock.pendingTimers).toBe(0);
  });

  it('lets passes under way be given back, and starts none for them', async () => {
    const { clock, queue } = aQueue();
    queue.add('a', edit);
    const work = await take(queue);
    queue.shutDown();
    queue.done(work, { retry: true });
    queue.add('b', edit);
    expect({ depth: queue.depth(), timers: clock.pendingTimers }).toMatchObject({
      depth: { ready: 0, delayed: 0, running: 0, oldestReadyMs: 0 },
      timers: 0,
    });
  });

  it('of one wait takes nothing from the others', async () => {
    const { queue } = aQueue();
    const abort = new AbortController();
    const given = queue.next(abort.signal);
    const other = queue.next();
    abort.abort();
    expect(await given).toBeUndefined();
    queue.add('a', edit);
    expect((await other)?.key).toBe('a');
    expect(await queue.next(abort.signal)).toBeUndefined();
  });
});

type Step =
  | { does: 'add'; key: string; priority: Priority; afterMs: number }
  | { does: 'advance'; ms: number }
  | { does: 'take' }
  | { does: 'finish'; which: number; outcome: PassOutcome };

const keys = fc.constantFrom('a', 'b', 'c', 'd');
const anyPriority = fc.constantFrom<Priority>('edit', 'child', 'requeue', 'resync', 'initial');
const anyOutcome = fc.oneof(
  fc.constant<PassOutcome>('ok'),
  fc.constant<PassOutcome>({ retry: true }),
  fc.integer({ min: 0, max: 5_000 }).map((requeueAfterMs): PassOutcome => ({ requeueAfterMs })),
);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    does: fc.constant('add' as const),
    key: keys,
    priority: anyPriority,
    afterMs: fc.constantFrom(0, 0, 0, 700),
  }),
  fc.record({ does: fc.constant('advance' as const), ms: fc.integer({ min: 0, max: 3_000 }) }),
  fc.record({ does: fc.constant('take' as const) }),
  fc.record({ does: fc.constant('finish' as const), which: fc.nat(), outcome: anyOutcome }),
);

describe('the rate of a work queue', () => {
  it('lets a burst go at once, then one key after the other, the most urgent first', async () => {
    const { clock, queue } = aQueue({ rate: { passesPerSecond: 4, burst: 2 } });
    const taken: string[] = [];
    const worker = async () => {
      for (let work = await queue.next(); work !== undefined; work = await queue.next()) {
        taken.push(`${work.key} at ${clock.monotonic()}`);
        queue.done(work, 'ok');
      }
    };
    const workers = [worker(), worker(), worker()];
    for (const key of ['a', 'b', 'c', 'd']) queue.add(key, initial);
    await clock.advance(249);
    expect(taken.map((each) => each.slice(0, 1))).toEqual(['a', 'b']);
    queue.add('e', edit);
    await clock.advance(2_000);
    const start = clock.monotonic() - 2_249;
    expect(taken.slice(2)).toEqual([`e at ${start + 250}`, `c at ${start + 500}`, `d at ${start + 750}`]);
    queue.shutDown();
    await Promise.all(workers);
    expect(clock.pendingTimers).toBe(0);
  });

  it('costs no timer while nothing waits', async () => {
    const { clock, queue } = aQueue({ rate: { passesPerSecond: 1, burst: 1 } });
    queue.add('a', edit);
    queue.done(await take(queue), 'ok');
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('what a work queue tells of itself', () => {
  it('counts passes asked for, not how often they were asked for', async () => {
    const { queue } = aQueue();
    queue.add('a', edit);
    queue.add('a', edit);
    queue.add('b', edit, 1_000);
    const work = await take(queue);
    queue.add('a', edit);
    queue.done(work, { retry: true });
    expect(queue.depth().added).toBe(3);
  });

  it('says how long the passes under way have been running', async () => {
    const { clock, queue } = aQueue();
    queue.add('a', edit);
    const first = await take(queue);
    await clock.advance(2_000);
    queue.add('b', edit);
    await take(queue);
    await clock.advance(500);
    expect(queue.depth()).toMatchObject({ unfinishedMs: 3_000, longestMs: 2_500 });
    queue.done(first, 'ok');
    expect(queue.depth()).toMatchObject({ unfinishedMs: 500, longestMs: 500 });
  });
});

describe('any run of a work queue', () => {
  it('never runs a key twice at once, loses no reason, tells none twice, and ends empty', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyStep, { maxLength: 60 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        async (steps, luck) => {
          const { clock, queue } = aQueue({ random: () => luck });
          const running = new Map<string, Work<string>>();
          const told: string[] = [];
          const given: string[] = [];
          const takeOne = async () => {
            if (queue.depth().ready === 0) return;
            const work = await take(queue);
            expect(running.has(work.key)).toBe(false);
            running.set(work.key, work);
            told.push(...work.triggers.map(({ reason }) => reason).filter((reason) => reason.startsWith('event')));
          };
          const finish = (work: Work<string> | undefined, outcome: PassOutcome) => {
            if (work === undefined) return;
            running.delete(work.key);
            queue.done(work, outcome);
          };
          for (const [index, step] of steps.entries()) {
            if (step.does === 'add') {
              given.push(`event ${index}`);
              queue.add(step.key, { priority: step.priority, reason: `event ${index}` }, step.afterMs);
            } else if (step.does === 'advance') await clock.advance(step.ms);
            else if (step.does === 'take') await takeOne();
            else finish([...running.values()][step.which % Math.max(1, running.size)], step.outcome);
            const { ready, delayed } = queue.depth();
            expect(ready + delayed).toBeLessThanOrEqual(4);
            expect(queue.depth().running).toBe(running.size);
          }
          for (const work of [...running.values()]) finish(work, 'ok');
          await clock.advance(60_000);
          while (queue.depth().ready > 0) {
            await takeOne();
            for (const work of [...running.values()]) finish(work, 'ok');
          }
          expect(told.sort()).toEqual(given.sort());
          expect(queue.depth()).toMatchObject({ ready: 0, delayed: 0, running: 0, oldestReadyMs: 0 });
          expect(clock.pendingTimers).toBe(0);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('takes no key before its time: after a failure only an edit comes sooner than the backoff', async () => {
    const events = fc.array(fc.record({ at: fc.integer({ min: 0, max: 1_500 }), priority: anyPriority }), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(events, async (unsorted) => {
        const { clock, queue } = aQueue();
        queue.add('a', edit);
        await fail(queue);
        const firstEdit = Math.min(
          1_000,
          ...unsorted.filter(({ priority }) => priority === 'edit').map(({ at }) => at),
        );
        for (const { at, priority } of unsorted.toSorted((a, b) => a.at - b.at)) {
          if (at >= firstEdit) break;
          await clock.advance(at - clock.monotonic());
          queue.add('a', { priority, reason: 'event' });
          expect(queue.depth().ready).toBe(0);
        }
        await clock.advance(firstEdit - clock.monotonic());
        if (firstEdit < 1_000) queue.add('a', edit);
        expect(queue.depth().ready).toBe(1);
      }),
    );
  });
});
