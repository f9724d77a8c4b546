import { describe, expect, it } from 'vitest';
import { keyOf } from '../cache/object-key.ts';
import { setConditions } from '../conditions.ts';
import { TerminalError } from '../errors.ts';
import { Refusals } from './refusals.ts';

const key = keyOf({ namespace: 'ns', name: 'a' });
const options = { now: '2026-01-01T00:00:00Z', observedGeneration: 2 };
const ready = { type: 'Ready', status: 'True', reason: 'Made', message: '' } as const;
const refusal = new TerminalError('NotWanted', 'spec.text: ask for another');
const said = (conditions: readonly { readonly type: string; readonly status: string }[]) =>
  conditions.map(({ type, status }) => `${type}=${status}`);

describe('a refusal', () => {
  it('is told in the three standard conditions, and leaves the others', () => {
    const before = setConditions([], [ready, { ...ready, type: 'Seen' }], options);
    const told = new Refusals().tell(key, before, refusal, options);
    expect(said(told)).toEqual(['Ready=False', 'Reconciling=False', 'Seen=True', 'Stalled=True']);
    expect(told[3]).toMatchObject({ reason: 'NotWanted', message: refusal.message, observedGeneration: 2 });
  });

  it('goes with the next report of an author who knows only some of them', () => {
    const refusals = new Refusals();
    const told = refusals.tell(key, [], refusal, options);
    const reported = setConditions(told, [ready], options);
    expect(said(refusals.withoutCarriedOver(key, reported))).toEqual(['Ready=True']);
    // Once: what an author says from then on is theirs.
    expect(refusals.withoutCarriedOver(key, told)).toBe(told);
  });

  it('holds no secret that its message gives away', () => {
    const leaking = new TerminalError('Bad', 'cannot reach https://me:hunter2@registry');
    expect(JSON.stringify(new Refusals().tell(key, [], leaking, options))).not.toContain('hunter2');
  });
});
