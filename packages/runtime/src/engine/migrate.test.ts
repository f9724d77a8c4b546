import { describe, expect, it } from 'vitest';
import { migratedEntries } from './migrate.ts';
import { aDesired, aLive, entryOf, names, ownEntryWith } from './testing.fixture.ts';

const migrated = (managedFields: Parameters<typeof aLive>[1], use = names) =>
  migratedEntries(aLive(aDesired(), managedFields), 'v1', use);

describe('migratedEntries', () => {
  it('makes one entry of ours from all that former managers own, and leaves the rest', () => {
    const foreign = entryOf('other', { 'f:data': { 'f:c': {} } });
    const status = entryOf('former', { 'f:status': {} }, { subresource: 'status' });
    const former = [
      entryOf('former', { 'f:data': { 'f:a': {} } }),
      entryOf('former', { 'f:data': { 'f:b': {} } }, { operation: 'Apply' }),
    ];
    expect(migrated([foreign, ...former, status])).toEqual([
      foreign,
      status,
      ownEntryWith({ 'f:data': { 'f:a': {}, 'f:b': {} } }),
    ]);
  });

  it('does nothing where no former manager owns anything', () => {
    expect(migrated([entryOf('other', { 'f:data': {} })])).toBeUndefined();
  });

  it('leaves a former entry of another API version alone', () => {
    expect(migrated([entryOf('former', { 'f:data': {} }, { apiVersion: 'v1beta1' })])).toBeUndefined();
  });

  it.each([
    ['without records', []],
    [
      'whose owner the server made up',
      [entryOf('before-first-apply', { 'f:data': { 'f:a': {} }, 'f:spec': { 'f:volumeName': {} } })],
    ],
  ])('claims an object %s with the seal alone', (_title, managedFields) => {
    expect(migrated(managedFields)).toEqual([ownEntryWith({})]);
  });

  it('takes over what the server made up where the operator says so', () => {
    const use = { ...names, formerManagers: ['before-first-apply'] };
    const made = entryOf('before-first-apply', { 'f:data': { 'f:a': {} } });
    expect(migrated([made], use)).toEqual([ownEntryWith({ 'f:data': { 'f:a': {} } })]);
  });
});
