import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calls } from './calls.ts';
import { urlOf } from './druid-call.ts';

const router = new URL('http://router.orders.svc:8888');

describe('the URL of a call', () => {
  it('encodes what is not of a path', () => {
    const url = urlOf(router, calls.supervisorStatus('with space/../?#%2e'));
    expect(url?.href).toBe(
      'http://router.orders.svc:8888/druid/indexer/v1/supervisor/with%20space%2F..%2F%3F%23%252e/status',
    );
  });

  it('is below the path of the address', () => {
    const below = new URL('https://gateway.example/druid-a/?x=y');
    expect(urlOf(below, calls.rules('clicks'))?.href).toBe(
      'https://gateway.example/druid-a/druid/coordinator/v1/rules/clicks',
    );
  });

  it('asks Druid not to restart what is equal', () => {
    expect(urlOf(router, calls.submitSupervisor({}))?.search).toBe('?skipRestartIfUnmodified=true');
  });

  it.each(['', '.', '..'])('does not exist for an id of %j', (id) => {
    expect(urlOf(router, calls.terminate(id))).toBeUndefined();
  });

  it('carries whatever id there is to where it is read, on the same host', () => {
    const ids = fc.string({ unit: 'grapheme' }).filter((id) => !['', '.', '..'].includes(id));
    fc.assert(
      fc.property(ids, (id) => {
        const url = urlOf(router, calls.terminate(id));
        const [, prefix, , , , encoded = '', last, more] = url?.pathname.split('/') ?? [];
        expect([url?.origin, prefix, decodeURIComponent(encoded), last, more, url?.search, url?.hash]).toEqual([
          ...[router.origin, 'druid', id, 'terminate', undefined, '', ''],
        ]);
      }),
    );
  });
});
