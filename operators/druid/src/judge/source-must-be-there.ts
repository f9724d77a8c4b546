import type { Guard } from './guard.ts';

/** Without its ConfigMap there is nothing to send; a change of it starts a pass. */
export const sourceMustBeThere: Guard = (_ingestion, { source }) => {
  if (source === undefined || !('missing' in source)) return undefined;
  const message = `${source.missing}, and spec.ingestion.specFrom takes the spec from there`;
  return { reason: 'SpecMissing', message };
};
