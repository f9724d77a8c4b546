import type { Migration } from './migration.ts';
import type { Tally } from './rewriting.ts';

type Told = Extract<Migration, { readonly tally: Tally }>;

/** So many objects that failed are told one by one. */
const maxTold = 10;

/** What became of one kind, as lines for a person. */
export function migrationLines(name: string, migration: Migration): readonly string[] {
  switch (migration.kind) {
    case 'UpToDate':
      return [`${name}: every object is stored in ${migration.storage}, nothing to do`];
    case 'Refused':
      return [`${name}: not migrated: ${migration.why}`];
    case 'Migrated':
      return [`${name}: every object is stored in ${migration.storage} now: ${countsOf(migration)}`];
    case 'Checked':
      return [
        `${name}: ${triedText(migration.tally)} in ${migration.storage}, and ${migration.former.join(', ')} taken out of storedVersions`,
      ];
    case 'Interrupted':
      return [
        `${name}: stopped: ${countsOf(migration)}; run this again${migration.isDryRun ? '' : ', it goes on where it stopped'}`,
      ];
    case 'Incomplete':
      return [
        `${name}: not migrated: ${countsOf(migration)}; storedVersions stays as it is. Mend these, then run this again:`,
        ...failureLines(migration.tally),
      ];
  }
}

function failureLines({ failures }: Tally): readonly string[] {
  const more = failures.length - maxTold;
  return [
    ...failures.slice(0, maxTold).map(({ object, why }) => `  ${object}: ${why}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

/** Whoever was only tried says by nothing whether it was in the storage version already. */
function triedText({ rewritten, unchanged }: Tally): string {
  return `${objects(rewritten + unchanged)} would be written`;
}

function countsOf({ isDryRun, tally }: Pick<Told, 'isDryRun' | 'tally'>): string {
  const { rewritten, unchanged, gone, failures, left } = tally;
  const counts: readonly (readonly [number, string])[] = [
    [isDryRun ? 0 : unchanged, 'already in it'],
    [gone, 'deleted meanwhile'],
    [failures.length, isDryRun ? 'would be refused' : 'failed'],
    [left, 'left'],
  ];
  const told = counts.filter(([count]) => count > 0).map(([count, what]) => `${formatted(count)} ${what}`);
  return [isDryRun ? triedText(tally) : `${objects(rewritten)} rewritten`, ...told].join(', ');
}

function objects(count: number): string {
  return `${formatted(count)} ${count === 1 ? 'object' : 'objects'}`;
}

function formatted(count: number): string {
  return count.toLocaleString('en-GB');
}
