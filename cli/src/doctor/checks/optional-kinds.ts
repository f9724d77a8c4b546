import type { Observation } from '../finding.ts';
import { optionalKindName, optionalKinds } from '../optional-kind.ts';
import { whenSeen } from '../read.ts';
import type { Survey } from '../survey.ts';

/** Which kinds of others are served, and what goes without where one is not. */
export function checkOptionalKinds({
  served,
  installations,
}: Pick<Survey, 'served' | 'installations'>): readonly Observation[] {
  return whenSeen(served, 'kinds of others', (names) =>
    optionalKinds.flatMap(({ group, kinds, from, uses }): readonly Observation[] => {
      const told = installations.flatMap(({ name }) => (uses[name] === undefined ? [] : [`${uses[name]} (${name})`]));
      if (told.length === 0) return [];
      const missing = kinds.filter((kind) => !names.has(optionalKindName(group, kind)));
      const what = told.join(', ');
      if (missing.length === 0) return [{ level: 'ok', where: from, says: `is there for ${what}` }];
      const says = `its ${missing.join(' and ')} (${group}) ${missing.length === 1 ? 'is' : 'are'} not served; needed for ${what}`;
      return [{ level: 'note', where: from, says, remedy: `install ${from}, if that is wanted` }];
    }),
  );
}
