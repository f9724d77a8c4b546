import { ApiError, TransportError } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { contactAfter } from './contact.ts';

const refusal = (status: number) => new ApiError({ status, reason: 'Some', message: 'a-secret' });
const silence = (code?: string) =>
  new TransportError('a-secret', { maySent: false, cause: code && Object.assign(new Error('a-secret'), { code }) });

describe('what an error stands for', () => {
  it.each([
    [refusal(401), 'CredentialsRefused'],
    [refusal(403), 'Forbidden'],
    [refusal(404), 'KindMissing'],
    [refusal(500), 'NotReady'],
    [silence(), 'NoAnswer'],
    [silence('ECONNREFUSED'), 'NoAnswer'],
    [silence('DEPTH_ZERO_SELF_SIGNED_CERT'), 'CertificateInvalid'],
    [new Error('a-secret'), 'Failed'],
  ])('is told without repeating it: %s is %s', (error, reason) => {
    const contact = contactAfter(error);
    expect(contact).toMatchObject({ reason });
    expect(JSON.stringify(contact)).not.toContain('a-secret');
  });
});
