import { FakeClock } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import type { ObjectKey } from '../cache/object-key.ts';
import { StepWaits, type WaitingStep } from './step-waits.ts';

const owner = 'ns/a' as ObjectKey;

function setUp() {
  const clock = new FakeClock();
  const waits = new StepWaits(clock);
  const look = (step: Partial<WaitingStep> = {}, uid = 'u') =>
    waits.waiting(owner, uid, { name: 'brokers', timeoutMs: 60_000, isChanged: false, lastChange: undefined, ...step });
  return { clock, waits, look };
}

describe('a step that waits', () => {
  it('times out once it has waited for its time, and that is news once', async () => {
    const { clock, look } = setUp();
    expect(look()).toEqual({ since: '2026-01-01T00:00:00Z', timedOut: false, isNews: false, timesOutInMs: 60_000 });
    await clock.advance(59_999);
    expect(look()).toMatchObject({ timedOut: false, timesOutInMs: 1 });
    await clock.advance(1);
    expect(look()).toEqual({ since: '2026-01-01T00:00:00Z', timedOut: true, isNews: true });
    expect(look()).toEqual({ since: '2026-01-01T00:00:00Z', timedOut: true, isNews: false });
  });

  it.each([
    ['the plan changes what it makes', { isChanged: true }, 'u'],
    ['another step is the first that is not ready', { name: 'exporter' }, 'u'],
    ['the resource is another one of the same name', {}, 'v'],
  ])('begins to wait anew when %s', async (_title, step, uid) => {
    const { clock, look } = setUp();
    look();
    await clock.advance(60_000);
    expect(look(step, uid)).toMatchObject({ since: '2026-01-01T00:01:00Z', timedOut: false, timesOutInMs: 60_000 });
  });

  it('begins to wait anew after it was ready, however old its objects are', async () => {
    const { clock, waits, look } = setUp();
    waits.ready(owner);
    await clock.advance(1_000);
    expect(look({ lastChange: '2025-01-01T00:00:00Z' })).toMatchObject({
      since: '2026-01-01T00:00:01Z',
      timedOut: false,
    });
  });

  it('has waited since the last change of its objects when the process is new', () => {
    expect(setUp().look({ lastChange: '2025-12-31T23:59:30Z' })).toEqual({
      since: '2025-12-31T23:59:30Z',
      timedOut: false,
      isNews: false,
      timesOutInMs: 30_000,
    });
    expect(setUp().look({ lastChange: '2025-12-31T23:00:00Z' })).toMatchObject({ timedOut: true, isNews: true });
  });

  it('has not waited before now when the clocks of server and process differ', () => {
    expect(setUp().look({ lastChange: '2026-01-01T00:05:00Z' })).toMatchObject({ since: '2026-01-01T00:00:00Z' });
  });

  it('never times out where it has no timeout', async () => {
    const { clock, look } = setUp();
    look({ timeoutMs: undefined });
    await clock.advance(10_000_000);
    expect(look({ timeoutMs: undefined })).toEqual({ since: '2026-01-01T00:00:00Z', timedOut: false, isNews: false });
  });

  it('is forgotten with its resource', () => {
    const { waits, look } = setUp();
    look();
    waits.forget(owner);
    expect(waits.knows(owner)).toBe(false);
  });
});
