import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError, type ApiErrorDetails, TransportError } from '../api-error.ts';
import {
  type Failure,
  failureFrom,
  initialState,
  type MachineInput,
  type MachineState,
  type Phase,
  step,
} from './reflector-machine.ts';

const expired: MachineInput = { kind: 'failed', failure: { kind: 'expired' } };
const broken: MachineInput = { kind: 'failed', failure: { kind: 'other', retryAfterMs: undefined } };
const idle: MachineInput = { kind: 'failed', failure: { kind: 'idle' } };
const stalled: MachineInput = { kind: 'failed', failure: { kind: 'stalled' } };
const unsupported: MachineInput = { kind: 'failed', failure: { kind: 'unsupported' } };
const waited: MachineInput = { kind: 'waited' };
const began: MachineInput = { kind: 'began' };

const bookmark = (resourceVersion: string, initialEventsEnd = false): MachineInput => ({
  kind: 'bookmark',
  resourceVersion,
  initialEventsEnd,
});
const event = (resourceVersion: string): MachineInput => ({ kind: 'event', resourceVersion });
const listed = (resourceVersion: string): MachineInput => ({ kind: 'listed', resourceVersion });
const ended = (afterMs: number): MachineInput => ({ kind: 'ended', afterMs });

/** The state after all inputs; every random number is the largest unless told. */
function stateAfter(inputs: readonly MachineInput[], random: () => number = () => 1): MachineState {
  return inputs.reduce((state, input) => step(state, input, random), initialState());
}

/** What is done next, once any wait is over. */
function next(state: MachineState): Phase {
  return state.phase.kind === 'waiting' ? state.phase.next : state.phase;
}

const synced = [began, bookmark('10', true)];
const watchingFrom = (resourceVersion: string): Phase => ({ kind: 'watching', resourceVersion });
const snapshot = (reason: string, by = 'watch', paged = true) => ({
  kind: 'snapshot',
  by,
  reason,
  paged,
  begun: false,
});

describe('a snapshot', () => {
  it('comes first, streamed', () => {
    expect(initialState().phase).toEqual(snapshot('Start'));
  });

  it('is complete at the bookmark that says so, and no sooner', () => {
    expect(stateAfter([began, event('5'), bookmark('6')])).toMatchObject({
      synced: false,
      phase: { kind: 'snapshot' },
    });
    expect(stateAfter([began, event('5'), bookmark('6', true)])).toMatchObject({
      synced: true,
      phase: watchingFrom('6'),
    });
  });

  it('counts once it has begun, by its reason', () => {
    expect(initialState().relists.Start).toBe(0);
    expect(stateAfter(synced).relists).toMatchObject({ Start: 1, Expired: 0 });
    expect(stateAfter([...synced, expired, waited, began, bookmark('20', true)]).relists).toMatchObject({
      Start: 1,
      Expired: 1,
    });
  });

  it('that never began keeps its reason, one that broke off is an interruption', () => {
    expect(next(stateAfter([broken]))).toEqual(snapshot('Start'));
    expect(next(stateAfter([began, broken]))).toEqual(snapshot('Interrupted'));
    expect(next(stateAfter([began, ended(500)]))).toEqual(snapshot('Interrupted'));
  });

  it.each([
    { what: 'refuses to stream it', input: unsupported },
    { what: 'ignores the question', input: stalled },
  ])('is listed in pages, at once and ever after, where the server $what', ({ input }) => {
    const state = stateAfter([input]);
    expect(state.phase).toEqual(snapshot('Unsupported', 'pages'));
    const relisted = [input, began, listed('10'), expired];
    expect(next(stateAfter(relisted))).toEqual(snapshot('Expired', 'pages'));
  });

  it('is listed whole after it expired twice between pages, until one succeeds', () => {
    const twice = [unsupported, began, expired, waited, began, expired];
    expect(next(stateAfter(twice.slice(0, 3)))).toEqual(snapshot('Expired', 'pages'));
    expect(next(stateAfter(twice))).toEqual(snapshot('Expired', 'pages', false));
    expect(next(stateAfter([...twice, waited, began, listed('10'), expired]))).toEqual(snapshot('Expired', 'pages'));
  });
});

describe('a watch', () => {
  it('goes on from the last event or bookmark when it ends', () => {
    expect(stateAfter([...synced, event('11'), ended(290_000)]).phase).toEqual(watchingFrom('11'));
    expect(stateAfter([...synced, event('11'), bookmark('15'), ended(290_000)]).phase).toEqual(watchingFrom('15'));
    expect(stateAfter([...synced, ended(290_000)])).toMatchObject({ phase: watchingFrom('10'), reconnects: 1 });
  });

  it('waits and goes on from the same place when it breaks', () => {
    const state = stateAfter([...synced, event('11'), broken]);
    expect(state).toMatchObject({ phase: { kind: 'waiting', ms: 500, next: watchingFrom('11') }, reconnects: 1 });
    expect(step(state, waited, () => 1).phase).toEqual(watchingFrom('11'));
  });

  it('that ends at once with nothing waits longer and longer', () => {
    const state = stateAfter([...synced, ended(10), waited, ended(10), waited, ended(10)]);
    expect(state.phase).toMatchObject({ kind: 'waiting', ms: 2000 });
  });

  it.each([
    { what: 'expired', input: expired, reason: 'Expired' },
    {
      what: 'ahead of the server',
      input: { kind: 'failed', failure: { kind: 'ahead' } } as const,
      reason: 'AheadOfServer',
    },
  ])('takes a new snapshot when its resourceVersion is $what', ({ input, reason }) => {
    expect(next(stateAfter([...synced, input]))).toEqual(snapshot(reason));
  });

  it('takes a new snapshot after two silences in a row on a server that sends bookmarks', () => {
    expect(next(stateAfter([...synced, idle]))).toEqual(watchingFrom('10'));
    expect(next(stateAfter([...synced, idle, waited, idle]))).toEqual(snapshot('Silent'));
    expect(next(stateAfter([...synced, idle, waited, event('11'), idle]))).toEqual(watchingFrom('11'));
  });

  it('only reconnects after silence on a server that sends no bookmarks', () => {
    const quiet = [unsupported, began, listed('10'), idle, waited, idle, waited, idle];
    expect(next(stateAfter(quiet))).toEqual(watchingFrom('10'));
  });
});

describe('waiting', () => {
  it('doubles to 30 s, and is any time below that', () => {
    const waits = Array.from({ length: 9 }, (_, count) =>
      stateAfter(
        Array.from({ length: count + 1 }, () => [broken, waited])
          .flat()
          .slice(0, -1),
      ),
    );
    expect(waits.map(({ phase }) => (phase.kind === 'waiting' ? phase.ms : undefined))).toEqual([
      500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000,
    ]);
    expect(stateAfter([broken], () => 0.25).phase).toMatchObject({ ms: 125 });
  });

  it('starts small again once a watch brought something', () => {
    expect(stateAfter([broken, waited, broken, waited, ...synced, event('11'), broken]).phase).toMatchObject({
      ms: 500,
    });
  });

  it('does not start small again because a snapshot succeeded: one that expires at once must not be taken in a loop', () => {
    const again = [waited, began, bookmark('20', true), expired];
    expect(stateAfter([...synced, expired, ...again, ...again]).phase).toMatchObject({ ms: 2000 });
  });

  it.each([
    { retryAfterMs: 7_000, random: 0, ms: 7_000 },
    { retryAfterMs: 7_000, random: 1, ms: 8_750 },
    { retryAfterMs: 0, random: 1, ms: 500 },
    { retryAfterMs: 86_400_000, random: 0, ms: 300_000 },
  ])('is $ms ms when asked for $retryAfterMs ms (random $random)', ({ retryAfterMs, random, ms }) => {
    const asked: MachineInput = { kind: 'failed', failure: { kind: 'other', retryAfterMs } };
    expect(stateAfter([...synced, asked], () => random).phase).toMatchObject({ kind: 'waiting', ms });
  });
});

describe('failureFrom', () => {
  const refusal = (details: Partial<ApiErrorDetails>) =>
    new ApiError({ status: 500, reason: 'InternalError', message: 'no', ...details });
  const other = (retryAfterMs?: number): Failure => ({ kind: 'other', retryAfterMs });

  it.each([
    { error: refusal({ status: 410, reason: 'Expired' }), streaming: false, failure: { kind: 'expired' } },
    { error: refusal({ status: 410, reason: 'Gone' }), streaming: true, failure: { kind: 'expired' } },
    { error: refusal({ status: 422, reason: 'Invalid' }), streaming: true, failure: { kind: 'unsupported' } },
    { error: refusal({ status: 400, reason: 'BadRequest' }), streaming: true, failure: { kind: 'unsupported' } },
    { error: refusal({ status: 400, reason: 'BadRequest' }), streaming: false, failure: other() },
    {
      error: refusal({ status: 504, reason: 'Timeout', causes: [{ reason: 'ResourceVersionTooLarge' }] }),
      streaming: false,
      failure: { kind: 'ahead' },
    },
    {
      error: refusal({ status: 429, reason: 'TooManyRequests', retryAfterSeconds: 3 }),
      streaming: true,
      failure: other(3000),
    },
    { error: refusal({ status: 403, reason: 'Forbidden' }), streaming: true, failure: other() },
    { error: new TransportError('reset', { maySent: true }), streaming: true, failure: other() },
    { error: new TypeError('a bug'), streaming: true, failure: other() },
  ])(
    '$failure.kind for $error.message ($error.status $error.reason, streaming: $streaming)',
    ({ error, streaming, failure }) => {
      expect(failureFrom(error, streaming)).toEqual(failure);
    },
  );
});

describe('whatever happens', () => {
  const resourceVersion = fc.nat(1000).map(String);
  const anyFailure = fc.oneof(
    fc.constantFrom<Failure>(
      { kind: 'expired' },
      { kind: 'unsupported' },
      { kind: 'ahead' },
      { kind: 'idle' },
      { kind: 'stalled' },
    ),
    fc.record({ kind: fc.constant('other' as const), retryAfterMs: fc.option(fc.nat(10_000_000), { nil: undefined }) }),
  );
  const anyInput: fc.Arbitrary<MachineInput> = fc.oneof(
    fc.constant(began),
    fc.constant(waited),
    resourceVersion.map(event),
    resourceVersion.map(listed),
    fc.tuple(resourceVersion, fc.boolean()).map(([version, end]) => bookmark(version, end)),
    fc.nat(300_000).map(ended),
    anyFailure.map((failure): MachineInput => ({ kind: 'failed', failure })),
  );

  it('there is something to do next, within a bounded wait', () => {
    fc.assert(
      fc.property(
        fc.array(anyInput, { maxLength: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        (inputs, random) => {
          const { phase } = stateAfter(inputs, () => random);
          const wait = phase.kind === 'waiting' ? phase.ms : 0;
          expect(wait).toBeLessThanOrEqual(375_000);
          expect(next(stateAfter(inputs, () => random)).kind).not.toBe('waiting');
        },
      ),
    );
  });

  it('a watch resumes only from a resourceVersion that the server gave', () => {
    fc.assert(
      fc.property(fc.array(anyInput, { maxLength: 60 }), (inputs) => {
        const given = inputs.flatMap((input) => ('resourceVersion' in input ? [input.resourceVersion] : []));
        const phase = next(stateAfter(inputs));
        if (phase.kind === 'watching') expect(given).toContain(phase.resourceVersion);
      }),
    );
  });

  it('once a snapshot was complete, that stays known', () => {
    fc.assert(
      fc.property(fc.array(anyInput, { maxLength: 60 }), (inputs) => {
        expect(stateAfter([...synced, ...inputs]).synced).toBe(true);
      }),
    );
  });
});
