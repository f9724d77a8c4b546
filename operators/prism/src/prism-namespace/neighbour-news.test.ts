import { describe, expect, it } from 'vitest';
import type { PrismNamespace } from '../api/v1alpha2/prism-namespace.ts';
import { aClusterWithPatterns, aNamespace } from './a-namespace.fixture.ts';
import { NeighbourNews } from './neighbour-news.ts';
import { limitedKeysOf } from './watched-objects.ts';

const limited = aNamespace('limited', { quota: { resources: { pods: 3 } } });
const [sales, bills] = [aNamespace('sales'), aNamespace('bills')];

function open(all: readonly PrismNamespace[]) {
  const news = new NeighbourNews();
  const told: string[] = [];
  const stop = new AbortController();
  const running = news.run(({ name }, reason) => told.push(`${name}: ${reason}`), stop.signal);
  const cache = {
    list: () => all,
    byIndex: () => all.filter((each) => limitedKeysOf(each).length > 0),
    get: (_type: unknown, { name }: { readonly name: string }) =>
      name === 'orders' ? aClusterWithPatterns() : undefined,
  } as unknown as Parameters<NeighbourNews['came']>[1]; // nothing else is there
  return { news, told, cache, stop, running };
}

describe('that a namespace comes or goes', () => {
  it('is told once to those that limit the Kubernetes namespace, and to nobody else', () => {
    const { news, told, cache } = open([limited, sales, bills]);
    for (const each of [bills, bills, limited]) news.came(each, cache);
    news.went(bills, cache);
    news.came(bills, cache);
    expect(told).toEqual(['bills came', 'bills went', 'bills came'].map((what) => `limited: PrismNamespace/${what}`));
  });

  it('is told to nobody where there are many, however many of them limit it', () => {
    const many = Array.from({ length: 50 }, (_, index) =>
      aNamespace(`n-${index}`, { quota: { resources: { pods: 3 } } }),
    );
    const { news, told, cache } = open(many);
    for (const each of many) news.came(each, cache);
    expect(told).toEqual([]);
  });

  it('is told where many have no cluster, and so are nobody’s neighbours', () => {
    const decoys = Array.from({ length: 50 }, (_, index) => aNamespace(`n-${index}`, { cluster: 'none' }));
    const { news, told, cache } = open([limited, sales, ...decoys]);
    news.came(sales, cache);
    expect(told).toEqual(['limited: PrismNamespace/sales came']);
  });

  it('is nothing to tell where nobody leads', async () => {
    const { news, told, cache, stop, running } = open([limited, sales]);
    stop.abort();
    await running;
    news.came(sales, cache);
    expect(told).toEqual([]);
  });
});
