import { describe, expect, it } from 'vitest';
import { type Repeatable, retryDelayMs, type Setback } from './retry-policy.ts';

const answered = (status: number, retryAfterSeconds?: number): Setback => ({
  kind: 'answered',
  status,
  retryAfterSeconds,
});
const lost = (maySent: boolean): Setback => ({ kind: 'lost', maySent });
const again = (setback: Setback, repeatable: Repeatable, attempt = 1) =>
  retryDelayMs(setback, attempt, repeatable, () => 0) !== undefined;

describe('retryDelayMs', () => {
  it.each([
    { name: 'answer lost', setback: lost(true), repeated: ['read'] },
    { name: 'never sent', setback: lost(false), repeated: ['read', 'idempotent', 'once'] },
    { name: '429 with Retry-After', setback: answered(429, 1), repeated: ['read', 'idempotent', 'once'] },
    { name: '429 without', setback: answered(429), repeated: [] },
    { name: '503 with Retry-After', setback: answered(503, 1), repeated: ['read', 'idempotent'] },
    { name: '503 without', setback: answered(503), repeated: [] },
    { name: '500 with Retry-After', setback: answered(500, 1), repeated: ['read'] },
    { name: '504 with Retry-After', setback: answered(504, 1), repeated: ['read'] },
    { name: '409 with Retry-After', setback: answered(409, 1), repeated: [] },
  ])('$name: repeats $repeated', ({ setback, repeated }) => {
    const kinds: readonly Repeatable[] = ['read', 'idempotent', 'once', 'never'];
    expect(kinds.filter((repeatable) => again(setback, repeatable))).toEqual(repeated);
  });

  it('gives up a lost call after three repetitions, one asked to wait after five', () => {
    const attempts = [1, 2, 3, 4, 5, 6];
    expect(attempts.filter((attempt) => again(lost(false), 'read', attempt))).toEqual([1, 2, 3]);
    expect(attempts.filter((attempt) => again(answered(429, 0), 'read', attempt))).toEqual([1, 2, 3, 4, 5]);
  });
});
