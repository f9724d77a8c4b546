import type { Pass } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import type { PrismNamespace, PrismNamespaceStatus } from '../api/v1alpha2/prism-namespace.ts';
import { aNamespace } from './a-namespace.fixture.ts';
import { namespaceFinalize } from './finalize.ts';

const told: PrismNamespaceStatus = {
  admin: { epoch: 0, incarnation: 'a', hash: 'b', partition: 1, proxy: 'shop.orders' },
};

async function goes(status: PrismNamespaceStatus | undefined, report: Pass<PrismNamespace>['report']) {
  const forgotten: string[] = [];
  const finalize = namespaceFinalize({
    correspondence: { forget: ({ name }) => void forgotten.push(name) },
    neighbours: { went: ({ metadata }) => void forgotten.push(`${metadata.name} went`) },
  });
  const log = { warn: () => {} };
  const pass = { report, log, now: '2026-01-01T00:00:00Z' } as unknown as Pass<PrismNamespace>; // all that is used
  return { end: await finalize.run(aNamespace('sales', {}, status), pass), forgotten };
}

describe('a namespace that is deleted', () => {
  it('goes at once, is not told to prism-admin any more, and says that it stays there', async () => {
    const reasons: string[] = [];
    const seen = await goes(told, async ({ events = [] }) => {
      reasons.push(...events.map(({ reason }) => reason));
      return {};
    });
    expect([seen, reasons]).toEqual([{ end: 'Done', forgotten: ['sales', 'sales went'] }, ['StaysInAdmin']]);
  });

  it('goes without a word where prism-admin never had it', async () => {
    const { end } = await goes(undefined, () => Promise.reject(new Error('nothing is to be written')));
    expect(end).toBe('Done');
  });

  it('goes although nothing can be told', async () => {
    expect((await goes(told, () => Promise.reject(new Error('forbidden')))).end).toBe('Done');
  });
});
