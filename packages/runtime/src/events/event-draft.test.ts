import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultOf, fittingNote, microTime } from './event-draft.ts';

const draft = { type: 'Normal', reason: 'DriftRepaired', action: 'Apply', note: 'put right' } as const;

describe('an event draft', () => {
  it.each([
    { says: 'what it should be', overrides: {}, fault: undefined },
    { says: 'a sentence as reason', overrides: { reason: 'It drifted.' }, fault: /reason/ },
    { says: 'a reason of 129 characters', overrides: { reason: 'R'.repeat(129) }, fault: /reason/ },
    { says: 'no action', overrides: { action: '' }, fault: /action/ },
    { says: 'an action of 129 characters', overrides: { action: 'A'.repeat(129) }, fault: /action/ },
  ])('with $says is judged', ({ overrides, fault }) => {
    const found = faultOf({ ...draft, ...overrides });
    if (fault === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(fault);
  });

  it('has a note of at most 1,024 bytes, cut between characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 2_000 }), (note) => {
        const fitting = fittingNote(note);
        expect(Buffer.byteLength(fitting)).toBeLessThanOrEqual(1_024);
        if (Buffer.byteLength(note) <= 1_024) expect(fitting).toBe(note);
        // A character cut in two would decode to another one, which the note does not begin with.
        else expect(note.startsWith(fitting.slice(0, -1))).toBe(true);
      }),
    );
    expect(Buffer.byteLength(fittingNote('ä'.repeat(2_000)))).toBe(1_023);
  });

  it('has a time with exactly six fractional digits', () => {
    expect(microTime(Date.parse('2026-01-01T00:00:00.120Z'))).toBe('2026-01-01T00:00:00.120000Z');
  });
});
