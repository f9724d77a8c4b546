import type { DynamicConfigOwner, Json, JsonObject } from '../druid/druid-api.ts';
import { jsonOf } from '../druid/json-text.ts';
import { objectHash } from '../spec/object-hash.ts';
import { fieldOf, type OwnField, valueIn } from './own-fields.ts';
import type { Work } from './work.ts';

/** What is to become of a field that was ours. */
type Fate = 'PutBack' | 'AsBefore' | 'ChangedByOthers' | 'NothingToPutBack';

/** Where fields are put back. */
type Restoring = Pick<Work, 'druid' | 'ledger'>;

/**
 * Gives fields of a dynamic configuration the values back that they had before they were ours, unless somebody else has changed
 * them since.
 *
 * @returns why Druid would not; `undefined` when no field is ours any more
 * @throws {NotAnswered} when Druid does not answer
 */
export async function restoreFields(
  owner: DynamicConfigOwner,
  fields: readonly OwnField[],
  { druid, ledger }: Restoring,
): Promise<string | undefined> {
  if (fields.length === 0) return undefined;
  const current = (await druid.value((api) => api.dynamicConfig(owner))) ?? {};
  const fates = fields.map((own) => ({ own, fate: fateOf(owner, own, valueIn(current, own.field)) }));
  const toPutBack = fates.filter(({ fate }) => fate === 'PutBack').map(({ own }) => own);
  if (toPutBack.length > 0) {
    const answer = await druid.settle((api) => api.setDynamicConfig(owner, putBack(owner, toPutBack, current)));
    if (answer.kind === 'Refused') return answer.message;
    ledger.tell('Restored', `Put back ${namesOf(owner, toPutBack)}`);
  }
  for (const { own, fate } of fates) if (fate in whyLeft) ledger.warn('LeftAlone', leftNote(owner, own, fate));
  return undefined;
}

function fateOf(owner: DynamicConfigOwner, own: OwnField, current: Json | undefined): Fate {
  const former = formerOf(own) ?? null;
  const shown = objectHash(current ?? null);
  if (shown === objectHash(former)) return 'AsBefore';
  if (shown !== own.setHash) return 'ChangedByOthers';
  return owner === 'Coordinator' && former === null ? 'NothingToPutBack' : 'PutBack';
}

function formerOf({ formerJson }: OwnField): Json | undefined {
  return formerJson === undefined ? undefined : jsonOf(formerJson);
}

/** The coordinator keeps what is not named; the overlord is given all of it. */
function putBack(owner: DynamicConfigOwner, fields: readonly OwnField[], current: JsonObject): JsonObject {
  const names = fields.map(({ field }) => field);
  const kept = owner === 'Coordinator' ? [] : Object.entries(current).filter(([name]) => !names.includes(name));
  const former = fields.flatMap((own) => {
    const value = formerOf(own);
    return value === undefined ? [] : [[own.field, value] as const];
  });
  return Object.fromEntries([...kept, ...former]);
}

/** Why a field stays as it is. */
const whyLeft: Readonly<Partial<Record<Fate, string>>> = {
  ChangedByOthers: 'somebody else has changed it',
  NothingToPutBack: 'it had no value before, and a coordinator does not forget one',
};

function leftNote(owner: DynamicConfigOwner, own: OwnField, fate: Fate): string {
  return `Left ${namesOf(owner, [own])} as it is: ${whyLeft[fate] ?? ''}`;
}

function namesOf(owner: DynamicConfigOwner, fields: readonly OwnField[]): string {
  return `${fields.map(({ field }) => field).join(', ')} of the ${fieldOf[owner]}'s dynamic configuration`;
}
