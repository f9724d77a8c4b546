import { ApiError, TransportError } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { isTerminal, isTransient, TerminalError } from './errors.ts';

const apiError = (status: number, reason: string) => new ApiError({ status, reason, message: 'no' });

describe('a terminal error', () => {
  it('carries a reason for machines and a message for people', () => {
    const cause = new Error('below');
    const error = new TerminalError('StorageShrinkForbidden', 'ask for at least 10Gi', { cause });
    expect({ ...error, name: error.name, message: error.message, cause: error.cause }).toEqual({
      name: 'TerminalError',
      reason: 'StorageShrinkForbidden',
      message: 'ask for at least 10Gi',
      cause,
    });
  });

  it.each(['', 'not one word', 'lowerCase', 'With-Dash', 'X'.repeat(129)])('takes no reason such as "%s"', (reason) => {
    expect(() => new TerminalError(reason, 'no')).toThrow(TypeError);
  });
});

describe('whether doing the same again may work', () => {
  it.each([
    { error: new TransportError('reset', { maySent: true }), transient: true },
    { error: apiError(409, 'Conflict'), transient: true },
    { error: apiError(410, 'Expired'), transient: true },
    { error: apiError(429, 'TooManyRequests'), transient: true },
    { error: apiError(500, 'InternalError'), transient: true },
    { error: apiError(503, 'ServiceUnavailable'), transient: true },
    { error: apiError(400, 'BadRequest'), transient: false },
    { error: apiError(403, 'Forbidden'), transient: false },
    { error: apiError(404, 'NotFound'), transient: false },
    { error: apiError(422, 'Invalid'), transient: false },
    { error: new TerminalError('QuorumLost', 'no'), transient: false },
    { error: new TypeError('a mistake of the program'), transient: false },
    { error: undefined, transient: false },
  ])('$error: $transient', ({ error, transient }) => {
    expect(isTransient(error)).toBe(transient);
  });
});

describe('an error that only the user can end', () => {
  const named = (fields: object) => Object.assign(new Error('no'), fields);

  it.each([
    { error: new TerminalError('NotWanted', 'no'), terminal: true },
    { error: named({ isTerminal: true, reason: 'InvalidChild' }), terminal: true },
    { error: named({ isTerminal: true, reason: 'not one word' }), terminal: false },
    { error: named({ reason: 'InvalidChild' }), terminal: false },
    { error: new Error('no'), terminal: false },
    { error: { isTerminal: true, reason: 'InvalidChild' }, terminal: false },
  ])('says so of itself: $terminal for $error', ({ error, terminal }) => {
    expect(isTerminal(error)).toBe(terminal);
  });
});
