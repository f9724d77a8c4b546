import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Health } from '../api.ts';
import { hashOf, namesIn, objectPath, routeOf, TABS } from './route.js';

const nothing = { object: undefined, tab: 'overview', filter: '', healths: [], namespace: '' } as const;

describe('an address of the page', () => {
  it('brings back whatever was shown, whatever the names are', () => {
    const word = fc.string({ minLength: 1 });
    const ref = fc.record({ group: fc.string(), plural: word, name: word, namespace: word });
    const healths = fc.subarray<Health>(['failing', 'healthy', 'paused']);
    fc.assert(
      fc.property(
        ref,
        fc.constantFrom(...TABS),
        fc.string(),
        healths,
        fc.string(),
        (of, tab, filter, wanted, namespace) => {
          const route = { object: objectPath(of), tab, filter, healths: wanted, namespace };
          expect(routeOf(hashOf(route))).toEqual(route);
          expect(namesIn(route.object)).toMatchObject({ plural: of.plural, name: of.name });
        },
      ),
    );
  });

  it.each([
    [{}, '#/'],
    [{ object: 'core/pods/shop/orders-0' }, '#/core/pods/shop/orders-0'],
    [{ object: 'prism.io/prismfederations/-/world', tab: 'yaml' as const }, '#/prism.io/prismfederations/-/world/yaml'],
    [{ filter: 'a b', healths: ['failing', 'paused'] as const }, '#/?filter=a+b&health=failing%2Cpaused'],
  ])('for %j is %s', (said, hash) => {
    expect(hashOf({ ...nothing, ...said })).toBe(hash);
  });

  it.each(['', '#', '#/', '#/core/pods', '#/?health=splendid', '#key=abc', '#/core/pods/a/%zz'])(
    'that says nothing, like %j, shows the beginning',
    (hash) => {
      expect(routeOf(hash)).toEqual(nothing);
    },
  );

  it('without a namespace or a group still names the object', () => {
    expect(objectPath({ group: '', plural: 'nodes', name: 'a/b' })).toBe('core/nodes/-/a%2Fb');
  });
});
