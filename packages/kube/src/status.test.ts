import { describe, expect, it } from 'vitest';
import { apiErrorFromEvent, refusalFrom } from './status.ts';

const request = 'GET /api/v1/pods/a';

function refusal(status: number, body: unknown, headers: Record<string, string> = {}) {
  return refusalFrom({ status, headers }, typeof body === 'string' ? body : JSON.stringify(body), request);
}

const status = (more: object) => ({ kind: 'Status', apiVersion: 'v1', status: 'Failure', ...more });

describe('refusalFrom', () => {
  it('takes reason, message and causes from the Status', () => {
    const causes = [{ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.x' }, 'nonsense', {}];
    const { error } = refusal(422, status({ reason: 'Invalid', message: 'is invalid', details: { causes } }));
    expect(error).toMatchObject({ status: 422, reason: 'Invalid', message: `${request}: is invalid`, isInvalid: true });
    expect(error.causes).toEqual([causes[0], {}]);
  });

  it.each([
    { name: 'the header', headers: { 'retry-after': '5' }, details: {}, seconds: 5 },
    { name: 'the Status', headers: {}, details: { retryAfterSeconds: 3 }, seconds: 3 },
    {
      name: 'the header before the Status',
      headers: { 'retry-after': '5' },
      details: { retryAfterSeconds: 3 },
      seconds: 5,
    },
    { name: 'neither', headers: {}, details: {}, seconds: undefined },
    {
      name: 'no header that is a date',
      headers: { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' },
      details: {},
      seconds: undefined,
    },
  ])('takes the wait from $name', ({ headers, details, seconds }) => {
    expect(refusal(429, status({ details }), headers).error.retryAfterSeconds).toBe(seconds);
  });

  it.each([
    { code: 401, reason: 'Unauthorized' },
    { code: 404, reason: 'NotFound' },
    { code: 503, reason: 'ServiceUnavailable' },
    { code: 418, reason: 'Unknown' },
  ])(
    'calls $code $reason where a proxy answered without a Status, and quotes nothing of its page',
    ({ code, reason }) => {
      const { error } = refusal(code, '<html>token=hunter2</html>');
      expect(error).toMatchObject({ status: code, reason, message: `${request}: the server answered ${code}` });
    },
  );

  it.each([
    {
      name: 'an object',
      code: 404,
      body: status({ reason: 'NotFound', details: { name: 'a', kind: 'pods' } }),
      missing: 'a',
    },
    { name: 'a kind', code: 404, body: status({ reason: 'NotFound', details: {} }), missing: undefined },
    { name: 'a path', code: 404, body: '404 page not found', missing: undefined },
    { name: 'nothing, being a conflict', code: 409, body: status({ details: { name: 'a' } }), missing: undefined },
  ])('tells that $name is missing', ({ code, body, missing }) => {
    expect(refusal(code, body).missingObject).toBe(missing);
  });
});

describe('apiErrorFromEvent', () => {
  it('takes the status from the code inside', () => {
    const error = apiErrorFromEvent(status({ code: 410, reason: 'Expired', message: 'too old' }), request);
    expect(error).toMatchObject({ status: 410, reason: 'Expired', isExpired: true });
  });

  it('is an internal error where the event holds no Status', () => {
    expect(apiErrorFromEvent(undefined, request)).toMatchObject({ status: 500, reason: 'InternalError' });
  });
});
