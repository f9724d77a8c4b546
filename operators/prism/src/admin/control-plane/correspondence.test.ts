import { millis } from '@capstan/runtime';
import { FakeClock } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { Correspondence, type Question } from './correspondence.ts';
import { aRequest, aTarget, ScriptedAdmin } from './scripted-admin.fixture.ts';

function aQuestion(name: string, { id = 'first', cluster = 'prism' } = {}): Question {
  return {
    about: { namespace: 'shop', name },
    cluster: { namespace: 'shop', name: cluster },
    ...{ target: aTarget, id, request: aRequest(name) },
  };
}

function open(quietMs = millis(0)) {
  const admin = new ScriptedAdmin();
  const clock = new FakeClock();
  const told: string[] = [];
  const correspondence = new Correspondence(admin.dial, clock, quietMs);
  const stop = new AbortController();
  const running = correspondence.run(({ name }) => told.push(name), stop.signal);
  return { admin, clock, told, correspondence, stop, running };
}

/** Long enough for all calls of a few namespaces. */
async function answered(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('questions to prism-admin', () => {
  it('are handed over at once, and a pass is started when the answer is there', async () => {
    const { admin, told, correspondence } = open();
    expect(correspondence.ask(aQuestion('orders'))).toEqual({ kind: 'Asking' });
    await answered();
    expect(told).toEqual(['orders']);
    const calls = admin.calls.length;
    expect(correspondence.ask(aQuestion('orders'))).toMatchObject({ outcome: { kind: 'Settled' } });
    await answered();
    expect(admin.calls).toHaveLength(calls);
  });

  it('that were asked before anybody listened are answered all the same', async () => {
    const admin = new ScriptedAdmin();
    const correspondence = new Correspondence(admin.dial, new FakeClock(), millis(0));
    correspondence.ask(aQuestion('orders'));
    await answered();
    const told: string[] = [];
    const stop = new AbortController();
    const running = correspondence.run(({ name }) => told.push(name), stop.signal);
    expect(told).toEqual(['orders']);
    stop.abort();
    await running;
  });

  it('are others when what is asked is another', async () => {
    const { admin, correspondence } = open();
    admin.hasProxy = true;
    correspondence.ask(aQuestion('orders'));
    expect(correspondence.ask(aQuestion('orders', { id: 'second' }))).toEqual({ kind: 'Asking' });
    await answered();
    expect(correspondence.ask(aQuestion('orders', { id: 'second' }))).toMatchObject({ kind: 'Answered' });
    expect(admin.calls.filter((call) => call === 'create orders')).toHaveLength(1);
  });

  it('that got no answer keep the last one while they are asked again, and are asked again in time', async () => {
    const { admin, clock, told, correspondence } = open();
    admin.trouble = () => ({ kind: 'Unreachable', message: 'gone' });
    correspondence.ask(aQuestion('orders'));
    await answered();
    const ask = () => correspondence.ask(aQuestion('orders'));
    expect(ask()).toEqual({ kind: 'Answered', outcome: { kind: 'Unreachable', message: 'gone' }, retryAfterMs: 2_000 });
    expect(ask()).toMatchObject({ retryAfterMs: 2_000 });
    await clock.advance(2_000);
    admin.trouble = () => undefined;
    expect(ask()).toEqual({ kind: 'Answered', outcome: { kind: 'Unreachable', message: 'gone' } });
    await answered();
    expect(ask()).toMatchObject({ outcome: { kind: 'Settled' } });
    expect(told).toEqual(['orders', 'orders']);
  });

  it('that are refused are asked again ever more seldom', async () => {
    const { admin, clock, correspondence } = open();
    admin.trouble = () => ({ kind: 'Refused', message: 'no' });
    const waits: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      correspondence.ask(aQuestion('orders'));
      await answered();
      const reply = correspondence.ask(aQuestion('orders'));
      const wait = reply.kind === 'Answered' ? (reply.retryAfterMs ?? 0) : 0;
      waits.push(wait / 1_000);
      await clock.advance(wait);
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 300, 300]);
  });

  it('of one cluster do not wait for those of another', async () => {
    const hung = new ScriptedAdmin();
    const well = new ScriptedAdmin();
    const never = new Promise<never>(() => {});
    const dial = (address: string) =>
      address === 'hung' ? { ...hung.dial(), createNamespace: () => never } : well.dial();
    const correspondence = new Correspondence(dial, new FakeClock(), millis(0));
    for (const name of ['a', 'b']) {
      const question = aQuestion(name, { cluster: 'slow' });
      correspondence.ask({ ...question, target: { ...aTarget, address: 'hung' } });
    }
    correspondence.ask(aQuestion('orders'));
    await answered();
    expect(correspondence.ask(aQuestion('orders'))).toMatchObject({ outcome: { kind: 'Settled' } });
  });

  it('that nobody wants an answer to any more are not asked', async () => {
    const { admin, told, correspondence } = open();
    admin.hasProxy = true;
    for (const name of ['a', 'b']) correspondence.ask(aQuestion(name));
    correspondence.forget({ namespace: 'shop', name: 'b' });
    await answered();
    expect([told, admin.calls.includes('create b')]).toEqual([['a'], false]);
  });

  it('are dropped with the lead, and asked anew by whoever has it next', async () => {
    const { admin, told, correspondence, stop, running } = open();
    correspondence.ask(aQuestion('orders'));
    stop.abort();
    await running;
    await answered();
    expect([told, admin.open]).toEqual([[], 0]);
    expect(correspondence.ask(aQuestion('orders'))).toEqual({ kind: 'Asking' });
  });

  it('wait until no call of a leader before can be under way any more, each time that the lead is taken', async () => {
    const admin = new ScriptedAdmin();
    const clock = new FakeClock();
    const correspondence = new Correspondence(admin.dial, clock);
    for (const lead of [1, 2]) {
      await clock.advance(60_000);
      const stop = new AbortController();
      const running = correspondence.run(() => {}, stop.signal);
      await clock.advance(2_000);
      correspondence.ask(aQuestion(`orders-${lead}`));
      await clock.advance(2_999);
      await answered();
      expect(admin.calls).not.toContain(`create orders-${lead}`);
      await clock.advance(1);
      await answered();
      expect(admin.calls).toContain(`create orders-${lead}`);
      stop.abort();
      await running;
    }
  });

  it('that wait for that are dropped with the lead too', async () => {
    const admin = new ScriptedAdmin();
    const clock = new FakeClock();
    const correspondence = new Correspondence(admin.dial, clock);
    const stop = new AbortController();
    const running = correspondence.run(() => {}, stop.signal);
    correspondence.ask(aQuestion('orders'));
    await answered();
    stop.abort();
    await running;
    await clock.advance(60_000);
    await answered();
    expect([admin.calls, admin.open]).toEqual([[], 0]);
  });
});
