import type { JsonObject } from '../druid/druid-api.ts';
import { objectHash } from '../spec/object-hash.ts';
import { withoutScaledCounts } from '../spec/scaled-counts.ts';
import { namedId, possibleIds } from '../spec/supervisor-ids.ts';
import { heldIn, wasTaken } from './held.ts';
import { belongingOf, foreignness } from './ownership.ts';
import type { Target } from './target.ts';
import type { Work } from './work.ts';

/** Where the spec of a supervisor goes in Druid. */
export interface Place {
  /** The supervisor that it changes, as Druid shows it. */
  readonly shown: JsonObject | undefined;
  /** The id that the supervisor keeps, whatever a Druid of this age would call it; `undefined` for a new one. */
  readonly kept: string | undefined;
  /** Supervisors that may be ours already, besides the one that will be known. */
  readonly others: readonly string[];
  /** The ids that a new supervisor may get. */
  readonly ids: readonly string[];
}

/**
 * Looks where a spec is to go. `Foreign` when a supervisor that is not ours stands there, which the ledger says then.
 *
 * @throws {NotAnswered} when Druid does not answer
 */
export async function placeOf(target: Target, work: Work): Promise<Place | 'Foreign'> {
  const { druid, ledger } = work;
  const ids = possibleIds(target.understood);
  const held = keptId(ids, target, work);
  const shown = new Map<string, JsonObject>();
  // Once Druid has given it an id, no other supervisor is in its way.
  for (const id of held === undefined ? ids : [held]) {
    const spec = await druid.value((api) => api.supervisorSpec(id));
    if (spec === undefined) continue;
    const why = foreignnessAt(id, spec, work);
    if (why !== undefined) {
      ledger.block({ reason: 'NotOurs', message: why });
      return 'Foreign';
    }
    shown.set(id, spec);
  }
  const ours = [...shown].filter(([, spec]) => belongingOf(spec, work) === 'Ours').map(([id]) => id);
  // A status that was lost does not cost the supervisor its id, nor the offsets that hang on it.
  const kept = held ?? (heldIn(ledger.status) === undefined ? ours[0] : undefined);
  const [first] = kept === undefined ? shown.values() : [shown.get(kept)];
  const before = ledger.status.submitting?.ids ?? [];
  return { ids, kept, shown: first, others: [...new Set([...before, ...ours])].filter((id) => id !== kept) };
}

/** Offsets hang on the id, so a supervisor keeps the one that it has until the spec names another one. */
function keptId(ids: readonly string[], target: Target, { ledger }: Work): string | undefined {
  const { status, lastGood } = ledger;
  const held = heldIn(status);
  if (held === undefined || held.isTask || !ids.includes(held.id)) return undefined;
  const isNamedAnew = lastGood !== undefined && namedId(lastGood.spec) !== namedId(target.spec);
  return isNamedAnew ? undefined : held.id;
}

/** Why the supervisor of this id may not be changed. */
export function foreignnessAt(
  id: string,
  shown: JsonObject,
  { ledger: { status }, ...claimant }: Pick<Work, 'ledger' | 'ingestion' | 'isThere'>,
): string | undefined {
  const known = [status.id, status.taskId, ...(status.formerIds ?? [])];
  const isHeld = status.lastGoodSpecHash !== undefined && status.id === id;
  const isKnown = wasTaken(status) && known.includes(id);
  return foreignness(id, shown, claimant, { isKnown, adoption: isHeld ? 'Orphans' : 'All' });
}

/** What tells one state of a supervisor from another: how Druid shows it, but for what it changes itself. */
export function shownHash(shown: JsonObject): string {
  return objectHash(withoutScaledCounts(shown));
}
