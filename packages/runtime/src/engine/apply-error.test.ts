import { ApiError, TransportError } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { applyErrorOf } from './apply-error.ts';

const child = { kind: 'Service', namespace: 'n', name: 'a' };
const refusal = (status: number, reason: string, message = 'no', more = {}) =>
  new ApiError({ status, reason, message, ...more });

describe('applyErrorOf', () => {
  it.each([
    [refusal(422, 'Invalid'), 'Invalid', true],
    [refusal(403, 'Forbidden'), 'Forbidden', true],
    [refusal(400, 'BadRequest'), 'BadRequest', true],
    [refusal(413, 'RequestEntityTooLarge'), 'RequestEntityTooLarge', true],
    [
      refusal(
        500,
        '',
        'failed to create typed patch object (n/a; /v1, Kind=Service): .spec.x: field not declared in schema',
      ),
      'SchemaMismatch',
      true,
    ],
    [refusal(403, 'Forbidden', 'no', { causes: [{ reason: 'NamespaceTerminating' }] }), 'NamespaceTerminating', false],
    [refusal(404, 'NotFound'), 'NotFound', false],
    [refusal(409, 'Conflict'), 'Conflict', false],
    [refusal(429, 'TooManyRequests'), 'TooManyRequests', false],
    [refusal(500, 'InternalError', 'etcdserver: leader changed'), 'InternalError', false],
    [refusal(503, ''), 'Status503', false],
    [new TransportError('reset', { maySent: true }), 'NoAnswer', false],
  ])('%s is %s, terminal: %s', (error, reason, terminal) => {
    const applyError = applyErrorOf(error, child);
    expect([applyError.reason, applyError.terminal, applyError.message]).toEqual([
      reason,
      terminal,
      `Service n/a: ${error.message}`,
    ]);
  });

  it('keeps beginning and end of a refusal that quotes a whole pod template', () => {
    const message = `spec.template: Invalid value: {${'x'.repeat(5_000)}}: field is immutable`;
    const text = applyErrorOf(refusal(422, 'Invalid', message), child).message;
    expect([
      text.length < 900,
      text.startsWith('Service n/a: spec.template'),
      text.endsWith('field is immutable'),
    ]).toEqual([true, true, true]);
  });

  it('keeps the pause the server asked for', () => {
    expect(applyErrorOf(refusal(429, 'TooManyRequests', 'no', { retryAfterSeconds: 7 }), child).retryAfterSeconds).toBe(
      7,
    );
  });

  it('withholds the text of a refused Secret, which quotes its values', () => {
    const error = refusal(422, 'Invalid', 'data[key]: Invalid value: "hunter2"', {
      causes: [{ field: 'data[key]', message: 'Invalid value: "hunter2"' }],
    });
    const applyError = applyErrorOf(error, { kind: 'Secret', name: 'a' });
    expect([applyError.message, applyError.cause]).toEqual([
      'Secret a: Invalid at data[key] (values withheld)',
      undefined,
    ]);
  });

  it('passes on what is neither a refusal nor a lost connection', () => {
    const aborted = new DOMException('stopped', 'AbortError');
    expect(() => applyErrorOf(aborted, child)).toThrow(aborted);
  });
});
