import { ConfigMap, Secret } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { keyOf } from '../cache/object-key.ts';
import type { PassTrace } from '../observe/pass-trace.ts';
import { type Caches, PassCache } from './pass-cache.ts';
import type { Resource } from './reconciler.ts';

const resource: Resource = { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a', namespace: 'x' }, spec: {} };

/** What a pass sees where ConfigMap is mapped as often as is told. */
function aPassCache(...mapped: readonly { readonly isServed: boolean }[]): PassCache<Resource> {
  const caches = {
    primary: { kind: 'Thing', group: '' },
    mapped: { of: ({ kind }: { readonly kind: string }) => (kind === ConfigMap.kind ? mapped : []) },
    children: { find: () => undefined },
    named: { includes: () => false },
  };
  // Nothing else of them is looked at by what is asked here.
  return new PassCache(caches as unknown as Caches<Resource>, keyOf(resource.metadata), resource, {} as PassTrace);
}

describe('whether a kind is served', () => {
  it.each([
    [[true], true],
    [[false], false],
    [[true, false], false],
  ])('is what all watches of it say: %j', (watches, expected) => {
    expect(aPassCache(...watches.map((isServed) => ({ isServed }))).isServed(ConfigMap)).toBe(expected);
  });

  it('is not known of one that is not watched, which is a mistake of the author', () => {
    expect(() => aPassCache({ isServed: true }).isServed(Secret)).toThrow('under neither "owns" nor "watches"');
  });
});
