import { describe, expect, it } from 'vitest';
import type { PrismNamespace } from '../api/v1alpha2/prism-namespace.ts';
import { aNamespace } from './a-namespace.fixture.ts';
import { NeighbourNews } from './neighbour-news.ts';

const limited = aNamespace('limited', { quota: { resources: { pods: 3 } } });
const [sales, bills] = [aNamespace('sales'), aNamespace('bills')];

function open(all: readonly PrismNamespace[]) {
  const news = new NeighbourNews();
  const told: string[] = [];
  const stop = new AbortController();
  const running = news.run(({ name }, reason) => told.push(`${name}: ${reason}`), stop.signal);
  const cache = { list: () => all } as unknown as Parameters<NeighbourNews['came']>[1]; // it lists nothing else
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

  it('is nothing to tell where nobody leads', async () => {
    const { news, told, cache, stop, running } = open([limited, sales]);
    stop.abort();
    await running;
    news.came(sales, cache);
    expect(told).toEqual([]);
  });
});
