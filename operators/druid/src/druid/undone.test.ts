import { describe, expect, it } from 'vitest';
import type { UnreachableReason } from './druid-api.ts';
import { isUndone } from './undone.ts';

const silence = (reason: UnreachableReason, status?: number) =>
  ({ kind: 'Unreachable', message: '', reason, ...(status !== undefined && { status }) }) as const;

describe('what got no answer', () => {
  it.each([
    silence('NoConnection'),
    silence('Busy'),
    silence('NotAllowed'),
    silence('Untrusted'),
    silence('Unavailable', 503),
    silence('Unavailable', 400),
  ])('was certainly not done: %o', (answer) => {
    expect(isUndone(answer)).toBe(true);
  });

  it.each([
    silence('Timeout'),
    silence('BrokenOff'),
    silence('NotDruid'),
    silence('Unavailable', 500),
    silence('Unavailable', 502),
    { kind: 'Unreachable', message: '' } as const,
  ])('may have been done: %o', (answer) => {
    expect(isUndone(answer)).toBe(false);
  });
});
