import { FakeClock } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { AnswerWatch } from './answer-watch.ts';

const signal = new AbortController().signal;
const ref = { namespace: 'shop', name: 'orders' };

/** A watch of one outside that answers what the test sets, and what was told of it. */
function scene() {
  const clock = new FakeClock();
  const outside = { says: 'a', asked: 0 };
  const told: string[] = [];
  const watch = new AnswerWatch<string, string>({
    ...{ name: 'outside', news: 'it answers otherwise', clock, looksAfter: true },
    ask: () => {
      outside.asked += 1;
      return Promise.resolve({ answer: outside.says, isSilent: false });
    },
    mayPass: (answer) => answer === 'nobody',
  });
  const ending = new AbortController();
  const running = watch.run(({ name }, reason) => told.push(`${name}: ${reason}`), ending.signal);
  const end = async () => {
    ending.abort();
    await clock.advance(0);
    await running;
  };
  return { clock, outside, told, watch, end };
}

describe('an answer', () => {
  it('is asked for once, and anew only for others to ask or where it does not suffice', async () => {
    const { outside, watch, end } = scene();
    await watch.answer(ref, 'first', signal);
    await watch.answer(ref, 'first', signal);
    expect(outside.asked).toBe(1);
    await watch.answer(ref, 'second', signal);
    await watch.answer(ref, 'second', signal, (known) => known !== 'a');
    expect(outside.asked).toBe(3);
    await end();
  });

  it('that changes starts one pass, and none when it was that of a passing moment', async () => {
    const { clock, outside, told, watch, end } = scene();
    await watch.answer(ref, 'first', signal);
    outside.says = 'nobody';
    await clock.advance(30_000);
    outside.says = 'a';
    await clock.advance(30_000);
    expect(told).toEqual([]);
    outside.says = 'b';
    await clock.advance(30_000);
    await end();
    expect(told).toEqual(['orders: it answers otherwise']);
  });

  it('that no pass asks for is looked after, and then asked for no more', async () => {
    const { clock, outside, told, watch, end } = scene();
    await watch.answer(ref, 'first', signal);
    for (let step = 0; step < 30; step += 1) await clock.advance(30_000);
    const before = outside.asked;
    for (let step = 0; step < 10; step += 1) await clock.advance(30_000);
    await end();
    expect(outside.asked).toBe(before);
    expect(new Set(told)).toEqual(new Set(['orders: whether it is still there']));
  });
});
