import { kindNameOf } from '@capstan/kube';
import type { Hidden, Overview } from '../api.ts';
import { treesOf } from '../trees.ts';
import type { FollowedKind } from './followed-kind.ts';

/**
 * What is known of all kinds, as one picture. Pure.
 * @param now ms since 1970
 */
export function overviewOf(
  kinds: readonly Pick<FollowedKind, 'kind' | 'objects' | 'standing'>[],
  now: number,
): Overview {
  const seen = kinds.map(({ kind: { type, isCustom }, objects }) => ({ type, isCustom, objects }));
  return { resources: treesOf(seen), hidden: hiddenOf(kinds), at: new Date(now).toISOString(), ...staleOf(kinds) };
}

function hiddenOf(kinds: readonly Pick<FollowedKind, 'kind' | 'standing'>[]): readonly Hidden[] {
  return kinds.flatMap(({ kind, standing }) =>
    standing.is === 'Hidden' ? [{ kind: kindNameOf(kind.type), why: standing.why }] : [],
  );
}

/** The oldest failure: what is shown may be as old as that. */
function staleOf(kinds: readonly Pick<FollowedKind, 'kind' | 'standing'>[]): Pick<Overview, 'stale'> {
  const stale = kinds.flatMap(({ standing }) => (standing.is === 'Stale' ? [standing] : []));
  const [oldest] = stale.toSorted((a, b) => a.since - b.since);
  if (oldest === undefined) return {};
  return { stale: { since: new Date(oldest.since).toISOString(), why: oldest.why } };
}
