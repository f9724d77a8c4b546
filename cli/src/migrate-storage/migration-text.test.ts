import { expect, test } from 'vitest';
import type { Migration } from './migration.ts';
import { migrationLines } from './migration-text.ts';
import type { Tally } from './rewriting.ts';

const tally = (counts: Partial<Tally>): Tally => ({
  ...{ rewritten: 0, unchanged: 0, gone: 0, failures: [], left: 0 },
  ...counts,
});
const versions = { storage: 'v2', former: ['v1'], isDryRun: false };
const failures = Array.from({ length: 12 }, (_, index) => ({ object: `shop/c${index}`, why: 'spec.size is missing' }));

test.each<[Migration, readonly string[]]>([
  [{ kind: 'UpToDate', storage: 'v2' }, ['crates.x.dev: every object is stored in v2, nothing to do']],
  [
    { kind: 'Migrated', ...versions, tally: tally({ rewritten: 1_000 }) },
    ['crates.x.dev: every object is stored in v2 now: 1,000 objects rewritten'],
  ],
  [
    { kind: 'Migrated', ...versions, tally: tally({ rewritten: 1, unchanged: 4, gone: 2 }) },
    ['crates.x.dev: every object is stored in v2 now: 1 object rewritten, 4 already in it, 2 deleted meanwhile'],
  ],
  [
    { kind: 'Checked', ...versions, isDryRun: true, tally: tally({ unchanged: 3 }) },
    ['crates.x.dev: 3 objects would be written in v2, and v1 taken out of storedVersions'],
  ],
  [
    { kind: 'Interrupted', ...versions, tally: tally({ rewritten: 412, left: 588 }) },
    ['crates.x.dev: stopped: 412 objects rewritten, 588 left; run this again, it goes on where it stopped'],
  ],
  [
    { kind: 'Interrupted', ...versions, isDryRun: true, tally: tally({ unchanged: 412, left: 588 }) },
    ['crates.x.dev: stopped: 412 objects would be written, 588 left; run this again'],
  ],
  [
    { kind: 'Incomplete', ...versions, isDryRun: true, tally: tally({ unchanged: 5, failures: failures.slice(0, 1) }) },
    [
      'crates.x.dev: not migrated: 5 objects would be written, 1 would be refused; storedVersions stays as it is. Mend these, then run this again:',
      '  shop/c0: spec.size is missing',
    ],
  ],
  [{ kind: 'Refused', why: 'it is too late' }, ['crates.x.dev: not migrated: it is too late']],
  [
    { kind: 'Incomplete', ...versions, tally: tally({ rewritten: 5, failures }) },
    [
      'crates.x.dev: not migrated: 5 objects rewritten, 12 failed; storedVersions stays as it is. Mend these, then run this again:',
      ...failures.slice(0, 10).map(({ object }) => `  ${object}: spec.size is missing`),
      '  and 2 more',
    ],
  ],
])('a migration that ended so is told: %j', (migration, lines) => {
  expect(migrationLines('crates.x.dev', migration)).toEqual(lines);
});
