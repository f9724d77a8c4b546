import { ApiError, TransportError } from '@capstan/kube';
import { describe, expect, test } from 'vitest';
import { UserError } from '../failure.ts';
import { asSentence, noSuchCluster } from './failures.ts';

const at = { server: 'https://k', namespace: 'shop' };
const refusal = (status: number) => new ApiError({ status, reason: 'R', message: 'no' });

describe('a refusal becomes a sentence with what to do', () => {
  test.each([
    [
      'the kind is not installed',
      refusal(404),
      at,
      /^https:\/\/k does not know the kind PrismCluster: install its definition, kubectl apply -f /,
    ],
    [
      'it may not be read',
      refusal(403),
      at,
      /^you may not list .* in namespace shop: ask for get, list and watch of it$/,
    ],
    [
      'it may not be read anywhere',
      refusal(403),
      { server: 'https://k' },
      /in every namespace: .*, or name a namespace with -n$/,
    ],
    ['nobody knows who asks', refusal(401), at, /does not know who you are: renew the credentials/],
    [
      'nobody answers',
      new TransportError('refused', { maySent: false }),
      at,
      /cannot be reached \(refused\): see that .* --context/,
    ],
  ])('%s', (_, error, place, expected) => {
    const sentence = asSentence(error, place);
    expect(sentence).toBeInstanceOf(UserError);
    expect(sentence).toMatchObject({ message: expect.stringMatching(expected) });
  });

  test.each([refusal(500), new Error('a defect')])('but not one that nobody foresaw: %s', (error) => {
    expect(asSentence(error, at)).toBe(error);
  });
});

describe('a name that does not exist', () => {
  const ref = (namespace: string, name: string) => ({ namespace, name });
  test.each([
    ['is told with near ones', [ref('shop', 'orders'), ref('shop', 'pay')], 'did you mean orders?'],
    ['is told where it is', [ref('pay', 'order')], 'there is one elsewhere: -n pay'],
    ['is told with what there is', [ref('shop', 'analytics')], 'there are analytics'],
    ['is told alone', [], 'prismctl kubernetes get -A shows all there are'],
  ])('%s', (_, others, hint) => {
    expect(noSuchCluster(ref('shop', 'order'), others).message).toBe(
      `there is no PrismCluster order in namespace shop: ${hint}`,
    );
  });
});
