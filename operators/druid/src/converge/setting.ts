import { collisionNote } from '../claims.ts';
import type { Answer, DruidApi, Json } from '../druid/druid-api.ts';
import { includes } from '../spec/includes.ts';
import { objectHash } from '../spec/object-hash.ts';
import type { Obstacle, StatusNotes } from './ledger.ts';
import { isLookup, type LookupAspect, type Seen } from './memory.ts';
import type { Work } from './work.ts';

/** Something that Druid keeps in one place, such as a data source or a tier, and that is ours while the spec asks for it. */
export interface Setting {
  readonly aspect: 'rules' | 'compaction' | LookupAspect;
  /** How it is named to people: `retention rules`. */
  readonly name: string;
  /** What the spec asks for; `undefined`: nothing. */
  readonly wanted: Json | undefined;
  /** Tells what is wanted from what was wanted before; holds no secret. */
  readonly key: string;
  readonly place: string | undefined;
  /** The place whose setting we made. */
  readonly ownedOf: string | undefined;
  readonly rejectedReason: Obstacle['reason'];
  /** Druid shows what it was sent, and adds nothing. */
  readonly isExact?: boolean;
  read(api: DruidApi, place: string): Promise<Answer<Json | undefined>>;
  /** The part of what Druid has that is compared with what is wanted; all of it unless given. */
  compared?(current: Json | undefined): Json | undefined;
  /** Why what Druid has there may not be touched while it is not ours; whatever is there may be unless given. */
  foreignness?(current: Json | undefined): Obstacle | undefined;
  /** @param current what Druid has there */
  write(api: DruidApi, place: string, current: Json | undefined): Promise<Answer<void>>;
  remove(api: DruidApi, place: string): Promise<Answer<unknown>>;
  /** Whether what Druid has there is what was made; it is, whatever it has, unless given. */
  isStillOurs?(current: Json | undefined): boolean;
  /**
   * Notes in the ledger whose setting is ours: from now on, or (`undefined`) no longer any.
   *
   * @param shownHash of what Druid showed when it was made; `undefined` while that is not known
   */
  own(place: string | undefined, shownHash?: string): void;
  /** What the ledger says of whose setting is ours. */
  noted(): StatusNotes;
}

/** What is wanted of a setting, and where. */
interface Target {
  readonly place: string;
  readonly wanted: Json;
}

/** Makes a setting as the spec says; what the spec does not ask for any more, and we had made, is removed. */
export async function convergeSetting(setting: Setting, work: Work): Promise<void> {
  const { wanted, place, ownedOf, aspect, key } = setting;
  const { memory, uid, ledger } = work;
  if (ownedOf !== undefined && (wanted === undefined || ownedOf !== place)) await remove(setting, ownedOf, work);
  if (wanted === undefined || place === undefined) memory.drop(uid, aspect);
  if (wanted === undefined) return;
  if (place === undefined)
    return ledger.block({
      reason: setting.rejectedReason,
      message: `The spec asks for ${setting.name} and names no data source`,
    });
  const rival = work.collisions.get(isLookup(aspect) ? aspect : `${aspect} ${place}`);
  if (rival !== undefined) {
    memory.drop(uid, aspect);
    return ledger.block({ reason: 'OwnedByAnother', message: collisionNote(rival) });
  }
  const seen = memory.get(uid, aspect);
  if (seen?.key !== key || work.check === aspect) return look(setting, { place, wanted }, seen, work);
  if (seen.refusal !== undefined) ledger.block(seen.refusal);
}

/** Compares with what Druid has, and puts that right. */
async function look(setting: Setting, target: Target, seen: Seen | undefined, work: Work): Promise<void> {
  const { place } = target;
  const current = await work.druid.value((api) => setting.read(api, place));
  const foreign = setting.ownedOf === undefined ? setting.foreignness?.(current) : undefined;
  if (foreign !== undefined) return refuse(setting, foreign, work);
  if (!isAsWanted(setting, target, seen, current)) return write(setting, target, current, work);
  remember(setting, current, work);
  // What was there already is somebody else's to remove, also where it is just what is wanted.
  if (setting.ownedOf === place) setting.own(place, hashOf(current));
}

function isAsWanted(setting: Setting, { wanted }: Target, seen: Seen | undefined, current: Json | undefined): boolean {
  const compared = comparedOf(setting, current);
  if (seen?.key === setting.key) return seen.refusal === undefined && objectHash(compared ?? null) === seen.shown;
  // A new process cannot tell what Druid has added; after an edit, what Druid has more may be what was taken out.
  const mayHaveMore = seen === undefined && setting.isExact !== true;
  return mayHaveMore ? includes(compared, wanted) : objectHash(compared ?? null) === objectHash(wanted);
}

function comparedOf({ compared }: Setting, current: Json | undefined): Json | undefined {
  return compared === undefined ? current : compared(current);
}

function remember(setting: Setting, current: Json | undefined, { memory, uid, nowMs }: Work): void {
  const shown = objectHash(comparedOf(setting, current) ?? null);
  memory.set(uid, setting.aspect, { key: setting.key, shown, checkedAtMs: nowMs });
}

async function write(setting: Setting, { place }: Target, current: Json | undefined, work: Work): Promise<void> {
  const { druid, memory, ledger, uid } = work;
  const seen = memory.get(uid, setting.aspect);
  const isRepair = seen?.key === setting.key && seen.refusal === undefined;
  const isNew = setting.ownedOf !== place;
  const before = setting.noted();
  // Written down first: what may have been made has to be removed some day.
  setting.own(place);
  if (isNew) await work.save();
  const answer = await druid.settle((api) => setting.write(api, place, current));
  if (answer.kind === 'Refused') {
    ledger.note(before);
    const obstacle = {
      reason: setting.rejectedReason,
      message: `Druid refuses the ${setting.name}: ${answer.message}`,
    };
    ledger.warn(obstacle.reason, obstacle.message);
    return refuse(setting, obstacle, work);
  }
  const shown = await druid.value((api) => setting.read(api, place));
  remember(setting, shown, work);
  setting.own(place, hashOf(shown));
  if (isRepair) ledger.note({ lastRepairTime: work.now });
  ledger.tell(isRepair ? 'Repaired' : 'Updated', `Druid has taken the ${setting.name} of ${place}`);
}

function refuse({ aspect, key }: Setting, refusal: Obstacle, { memory, ledger, uid, nowMs }: Work): void {
  memory.set(uid, aspect, { key, shown: undefined, checkedAtMs: nowMs, refusal });
  ledger.block(refusal);
}

async function remove(setting: Setting, place: string, work: Work): Promise<void> {
  const refusal = await removeSetting(setting, place, work);
  if (refusal !== undefined) work.ledger.warn('RemovalRefused', refusal);
}

/**
 * Removes a setting that was made, unless somebody else has changed it since.
 *
 * @returns why Druid would not; `undefined` when it is not ours any more
 * @throws {NotAnswered} when Druid does not answer
 */
export async function removeSetting(
  setting: Setting,
  place: string,
  { druid, ledger }: Pick<Work, 'druid' | 'ledger'>,
): Promise<string | undefined> {
  if (setting.isStillOurs !== undefined) {
    const current = await druid.value((api) => setting.read(api, place));
    const isAbsent = current === undefined || (Array.isArray(current) && current.length === 0);
    const isOurs = !isAbsent && setting.isStillOurs(current);
    if (!isAbsent && !isOurs)
      ledger.warn('LeftAlone', `Left the ${setting.name} of ${place} as it is: somebody else has changed it`);
    if (!isOurs) {
      setting.own(undefined);
      return undefined;
    }
  }
  const answer = await druid.settle((api) => setting.remove(api, place));
  if (answer.kind === 'Refused') return `Druid refuses to remove the ${setting.name} of ${place}: ${answer.message}`;
  setting.own(undefined);
  ledger.tell('Removed', `Removed the ${setting.name} of ${place}`);
  return undefined;
}

/** Kept in the status; of what holds no secret. */
function hashOf(shown: Json | undefined): string {
  return objectHash(shown ?? null);
}
