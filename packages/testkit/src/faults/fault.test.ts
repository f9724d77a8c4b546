import { describe, expect, it } from 'vitest';
import { type ApiRequest, apiRequestOf } from './api-request.ts';
import { ArmedFault, matches } from './fault.ts';

const patch = (name: string): ApiRequest => apiRequestOf('PATCH', `/api/v1/namespaces/a/configmaps/${name}`);
const watch = apiRequestOf('GET', '/api/v1/configmaps?watch=true');

describe('a match', () => {
  it.each([
    [{}, true],
    [{ verb: 'patch' }, true],
    [{ verb: ['create', 'patch'] }, true],
    [{ verb: 'delete' }, false],
    [{ resource: 'configmaps', namespace: 'a' }, true],
    [{ resource: 'secrets' }, false],
    [{ name: /^on/ }, true],
    [{ name: 'two' }, false],
    [{ group: 'apps' }, false],
    [{ subresource: '' }, true],
    [{ subresource: 'status' }, false],
  ])('of %j on a patch of ConfigMap one is %s', (match, expected) => {
    expect(matches(match, patch('one'))).toBe(expected);
  });

  it('means a watch only when it says so', () => {
    expect([matches({ resource: 'configmaps' }, watch), matches({ verb: 'watch' }, watch)]).toEqual([false, true]);
  });
});

describe('an armed fault', () => {
  it('strikes once, from the n-th matching request on', () => {
    const fault = new ArmedFault({ on: { resource: 'configmaps' }, nth: 2, fault: { do: 'drop' } });
    expect([1, 2, 3, 4].map(() => fault.strikes(patch('one')))).toEqual([false, true, false, false]);
    expect(fault.hits).toBe(1);
  });

  it('strikes as often as told, and not after it was lifted', () => {
    const fault = new ArmedFault({ on: {}, times: Number.POSITIVE_INFINITY, fault: { do: 'drop' } });
    expect([1, 2, 3].map(() => fault.strikes(patch('one')))).toEqual([true, true, true]);
    fault.lift();
    expect(fault.strikes(patch('one'))).toBe(false);
  });

  it('that could never strike is refused', () => {
    expect(() => new ArmedFault({ on: { verb: 'patch' }, fault: { do: 'cut' } })).toThrow(
      "needs on: { verb: 'watch' }",
    );
  });
});
