import type { ConfigMap } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { approximateBytes } from './approximate-bytes.ts';
import { ObjectStore } from './object-store.ts';

function storeOf(count: number, text: string): ObjectStore<ConfigMap> {
  const store = new ObjectStore<ConfigMap>();
  for (let index = 0; index < count; index += 1) {
    const metadata = { namespace: 'a', name: `c${index}`, resourceVersion: String(index + 1) };
    store.put({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { text } });
  }
  return store;
}

describe('the memory that cached objects take', () => {
  it('is nothing for an empty cache', () => {
    expect(approximateBytes(storeOf(0, ''))).toBe(0);
  });

  it('grows with the number of objects and with their length', () => {
    const short = approximateBytes(storeOf(100, 'x'));
    expect(approximateBytes(storeOf(1_000, 'x')) / short).toBeCloseTo(10, 0);
    expect(approximateBytes(storeOf(100, 'x'.repeat(10_000)))).toBeGreaterThan(100 * 10_000);
  });
});
