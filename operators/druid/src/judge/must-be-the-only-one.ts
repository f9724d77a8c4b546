import type { Guard } from './guard.ts';

/** Two resources with one supervisor would change it in turns for ever. */
export const mustBeTheOnlyOne: Guard = (_ingestion, { rival }) => {
  if (rival === undefined) return undefined;
  const message = `DruidIngestion/${rival} has the same supervisor, or rules or compaction of the same data source, and came first. Change or delete one of the two`;
  return { reason: 'OwnedByAnother', message };
};
