import {
  createClient,
  type KubeClient,
  loadKubeConfig,
  Namespace,
  ResourceQuota,
  type ResourceType,
  systemClock,
} from '@capstan/kube';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type ChildSample, childSamples } from './child-bodies.fixture.ts';
import { type Interference, interferences } from './interferences.fixture.ts';
import { LiveChild, type Outcome } from './live-child.fixture.ts';
import { defineWidgets } from './widget.fixture.ts';

/** Children at work at a time; more only queue up at the API server. */
const CONCURRENCY = 12;

/** What a case came to: requested applies by mode, warm and after a restart, and what the repair left. */
interface Row {
  readonly interference: string;
  readonly outcome: Outcome;
  readonly verdicts: Readonly<Record<string, number>>;
  /** Applies until clean again in every mode; more than one apply would be a loop. */
  readonly applies: number;
  readonly cleanAfter: boolean;
}

const namespace = `engine-table-${process.pid}-${Date.now().toString(36)}`;
const table: { kind: string; interference: string; verdict: string }[] = [];
let client: KubeClient;

beforeAll(async () => {
  client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
  await client.create(Namespace as ResourceType, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  });
  // No pods: the controllers' status writes are wanted here, their pods are not.
  const quota = {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'no-pods', namespace },
    spec: { hard: { pods: '0' } },
  };
  await client.create(ResourceQuota as ResourceType, quota);
  await defineWidgets(client, systemClock, AbortSignal.timeout(30_000));
});

afterAll(async () => {
  await client.delete(Namespace, { name: namespace });
  await client.close();
  console.table(table);
});

describe('a child that somebody interferes with', () => {
  it.each(childSamples)(
    '$title: is put right by exactly one apply where it differs, and costs nothing where it does not',
    async (sample) => {
      const cases = interferences.filter(({ on }) => on === undefined || on(sample));
      const rows = await inParallel(cases, (interference, index) => runCase(sample, interference, index));
      for (const [index, row] of rows.entries()) table.push({ kind: sample.title, ...summaryOf(row, cases[index]) });
      expect(rows).toEqual(cases.map(expectedRow));
    },
  );
});

function expectedRow({ title, applies, unseenInMetadata, refused }: Interference): Row {
  const metadata = unseenInMetadata ? 0 : applies;
  return {
    interference: title,
    outcome: refused ? 'refused' : 'done',
    verdicts: {
      'full, warm': applies,
      'full, restarted': applies,
      'metadata, warm': metadata,
      'metadata, restarted': metadata,
    },
    applies,
    cleanAfter: true,
  };
}

async function runCase(sample: ChildSample, interference: Interference, index: number): Promise<Row> {
  const child = new LiveChild(
    client,
    sample,
    namespace,
    `${sample.title.toLowerCase().replace(/[^a-z]+/g, '-')}x${index}`,
  );
  const created = await child.bring();
  if (created?.requests !== 1) throw new Error(`creating ${child.ref.name} took ${created?.requests} requests`);
  const outcome = await interference.run(child);
  const verdicts = await child.verdicts();
  let applies = 0;
  // In the mode that sees everything, so that the row ends clean even where the operators' mode cannot see it.
  while (applies < 3 && (await child.bring('full')) !== undefined) applies += 1;
  const after = await child.verdicts();
  await child.remove();
  return {
    interference: interference.title,
    outcome,
    verdicts: Object.fromEntries(
      Object.entries(verdicts).map(([view, { verdict }]) => [view, verdict === 'clean' ? 0 : 1]),
    ),
    applies,
    cleanAfter: Object.values(after).every(({ verdict }) => verdict === 'clean'),
  };
}

function summaryOf(row: Row, interference: Interference | undefined): { interference: string; verdict: string } {
  const unseen = interference?.unseenInMetadata ? ' (metadata-only watch: unseen)' : '';
  return {
    interference: row.interference,
    verdict: `${row.applies} ${row.applies === 1 ? 'apply' : 'applies'}${unseen}`,
  };
}

async function inParallel<T, R>(items: readonly T[], run: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      for (const [index, item] of queue) results[index] = await run(item, index);
    }),
  );
  return results;
}
