import type { KubeClient } from '@capstan/kube';
import { FakeClock } from '@capstan/testkit';
import { expect, test } from 'vitest';
import { orphan } from './orphan.ts';

const cluster = { namespace: 'prism', name: 'pay', uid: 'u1' };

/** A cluster that is there for so many looks, with these finalizers. */
function thereFor(looks: number, finalizers: readonly string[]) {
  const deletions: unknown[] = [];
  let left = looks;
  const client = {
    get: () => Promise.resolve(left-- > 0 ? { metadata: { name: 'pay', uid: 'u1', finalizers } } : undefined),
    delete: (_type: unknown, _ref: unknown, options: unknown) => {
      deletions.push(options);
      return Promise.resolve(true);
    },
  } as unknown as Pick<KubeClient, 'get' | 'delete'>; // the only kind that is asked for
  return { client, deletions };
}

async function orphaned(looks: number, finalizers: readonly string[]) {
  const clock = new FakeClock();
  const told: string[] = [];
  const { client, deletions } = thereFor(looks, finalizers);
  const signal = new AbortController().signal;
  const done = orphan(client, cluster, { clock, signal, onWaiting: (what) => told.push(what) }).then(
    () => 'gone',
    (error: Error) => error.message,
  );
  let outcome: string | undefined;
  void done.then((text) => {
    outcome = text;
  });
  while (outcome === undefined) await clock.advance(500);
  return { outcome, told, deletions };
}

test('a cluster is deleted without its objects, and only the one that was looked at', async () => {
  const { outcome, told, deletions } = await orphaned(3, ['orphan']);
  expect([outcome, told]).toEqual(['gone', ['the garbage collector to let its objects go']]);
  expect(deletions).toEqual([{ propagationPolicy: 'Orphan', preconditions: { uid: 'u1' } }]);
});

test('a cluster that is held for a minute says by whom, and what to do', async () => {
  const { outcome } = await orphaned(1_000, ['orphan', 'prism.io/data']);
  expect(outcome).toBe(
    'PrismCluster prism/pay is not gone after 60 s; it waits for whoever takes off the finalizer prism.io/data. See that the operator and kube-controller-manager run, then run this again: it goes on where it stopped',
  );
});
