import type { KubeObject } from '@capstan/kube';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyOf } from './object-key.ts';
import { ObjectStore } from './object-store.ts';

interface Version {
  readonly name?: string;
  readonly rv: number;
  readonly uid?: string;
  readonly owner?: string;
}

function configMap({ name = 'one', rv, uid = 'u1', owner }: Version): KubeObject {
  const ownerReferences =
    owner === undefined ? [] : [{ apiVersion: 'x/v1', kind: 'X', name: 'x', uid: owner, controller: true }];
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'ns', uid, resourceVersion: String(rv), ownerReferences },
  };
}

const one = keyOf({ namespace: 'ns', name: 'one' });

describe('the object store', () => {
  it('keeps the newest version, in whatever order versions arrive', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1 }), (versions) => {
        const store = new ObjectStore();
        for (const rv of versions) store.put(configMap({ rv }));
        expect(store.get(one)?.metadata.resourceVersion).toBe(String(Math.max(...versions)));
      }),
    );
  });

  it('reports no change for a version it has already seen', () => {
    const store = new ObjectStore();
    const first = configMap({ rv: 9 });
    expect(store.put(first)).toEqual({ key: one, before: undefined, after: first });
    expect(store.put(configMap({ rv: 9 }))).toBeUndefined();
    expect(store.put(configMap({ rv: 8 }))).toBeUndefined();
  });

  it('finds objects by what they say now, under every value they say', () => {
    const store = new ObjectStore<KubeObject>({ version: ({ metadata }) => ['any', metadata.resourceVersion ?? ''] });
    store.put(configMap({ rv: 1 }));
    store.put(configMap({ name: 'two', rv: 2 }));
    store.put(configMap({ rv: 3 }));
    const found = (value: string) =>
      store
        .byIndex('version', value)
        .map(({ metadata }) => metadata.name)
        .sort();
    expect([found('1'), found('2'), found('3'), found('any')]).toEqual([[], ['two'], ['one'], ['one', 'two']]);
    store.remove(one);
    expect([found('3'), found('any')]).toEqual([[], ['two']]);
    expect(() => store.byIndex('versions', '1')).toThrow('there is no index "versions"');
  });

  it('follows an object from one owner to another', () => {
    const store = new ObjectStore();
    store.put(configMap({ rv: 1, owner: 'a' }));
    store.put(configMap({ rv: 2, owner: 'b' }));
    expect([store.ownedBy('a'), store.ownedBy('b')]).toEqual([[], [one]]);
    store.remove(one);
    expect(store.ownedBy('b')).toEqual([]);
  });

  it('ignores a late deletion of an object whose name was taken again', () => {
    const store = new ObjectStore();
    store.put(configMap({ rv: 20, uid: 'new' }));
    expect(store.remove(one, configMap({ rv: 10, uid: 'old' }))).toBeUndefined();
    expect(store.get(one)?.metadata.uid).toBe('new');
  });

  it('keeps a leaner form only of the very version it holds', () => {
    const store = new ObjectStore();
    store.put(configMap({ rv: 5 }));
    const lean = configMap({ rv: 5 });
    store.slim(lean);
    expect(store.get(one)).toBe(lean);
    store.slim(configMap({ rv: 4 }));
    expect(store.get(one)).toBe(lean);
  });
});
