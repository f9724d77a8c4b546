import { systemClock } from '@capstan/kube';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type ChildSample, childSamples } from './child-bodies.fixture.ts';
import { type Interference, interferences } from './interferences.fixture.ts';
import { LiveChild, type Outcome } from './live-child.fixture.ts';
import { inParallel, type LiveNamespace, openNamespace } from './live-namespace.fixture.ts';
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

const verdicts = new Map<string, ReadonlyMap<string, string>>();
let live: LiveNamespace;

beforeAll(async () => {
  live = await openNamespace(inject('kubeconfig'), 'engine-table');
  await defineWidgets(live.client, systemClock, AbortSignal.timeout(30_000));
});

afterAll(async () => {
  await live[Symbol.asyncDispose]();
  const cases = [...verdicts.values()].reduce((sum, row) => sum + row.size, 0);
  console.log(tableText(verdicts));
  console.log(`${cases} cases. 1: one apply, then clean; 0: no request; *: unseen by a metadata-only watch`);
});

describe('a child that somebody interferes with', () => {
  it.each(childSamples)(
    '$title: is put right by exactly one apply where it differs, and costs nothing where it does not',
    async (sample) => {
      const cases = interferences.filter(({ on }) => on === undefined || on(sample));
      const rows = await inParallel(cases, CONCURRENCY, (interference, index) => runCase(sample, interference, index));
      verdicts.set(
        sample.title,
        new Map(
          cases.map((interference, index) => [
            interference.title,
            cellOf(rows[index] ?? expectedRow(interference), interference),
          ]),
        ),
      );
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
  const child = new LiveChild(live, sample, `${sample.title.toLowerCase().replace(/[^a-z]+/g, '-')}x${index}`);
  // In the mode that looks at the values of the answer too, where a needless second apply would show.
  const created = await child.bring('full');
  if (created?.requests !== 1) throw new Error(`creating ${child.ref.name} took ${created?.requests} requests`);
  const outcome = await interference.run(child);
  const decisions = await child.verdicts();
  let applies = 0;
  // In the mode that sees everything, so that the row ends clean even where the operators' mode cannot see it.
  while (applies < 3 && (await child.bring('full')) !== undefined) applies += 1;
  const after = await child.verdicts();
  await child.remove();
  return {
    interference: interference.title,
    outcome,
    verdicts: Object.fromEntries(
      Object.entries(decisions).map(([view, { verdict }]) => [view, verdict === 'clean' ? 0 : 1]),
    ),
    applies,
    cleanAfter: Object.values(after).every(({ verdict }) => verdict === 'clean'),
  };
}

/** One line per interference, one column per kind: applies, `*` where a metadata-only watch cannot see it. */
function tableText(verdicts: ReadonlyMap<string, ReadonlyMap<string, string>>): string {
  const width = Math.max(...interferences.map(({ title }) => title.length));
  const lines = interferences.map(({ title }) => {
    const cells = childSamples.map((sample) =>
      (verdicts.get(sample.title)?.get(title) ?? '').padEnd(sample.short.length),
    );
    return `${title.padEnd(width)}  ${cells.join(' ')}`;
  });
  return [`${''.padEnd(width)}  ${childSamples.map(({ short }) => short).join(' ')}`, ...lines].join('\n');
}

function cellOf({ applies }: Row, { unseenInMetadata }: Interference): string {
  return `${applies}${unseenInMetadata ? '*' : ''}`;
}
