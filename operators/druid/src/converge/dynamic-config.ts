import { longestFormer } from '../api/v1alpha1/cluster-settings.ts';
import { collisionNote } from '../claims.ts';
import type { DynamicConfigOwner, Json, JsonObject } from '../druid/druid-api.ts';
import { includes } from '../spec/includes.ts';
import { objectHash } from '../spec/object-hash.ts';
import type { Seen } from './memory.ts';
import { fieldOf, noteFields, type OwnField, ownFields, valueIn } from './own-fields.ts';
import { restoreFields } from './restore-fields.ts';
import type { Work } from './work.ts';

/** The fields of one dynamic configuration that the spec names, and what was last seen of them. */
interface Target {
  readonly owner: DynamicConfigOwner;
  readonly wanted: JsonObject;
  /** Tells what is wanted from what was wanted before. */
  readonly key: string;
  readonly seen: Seen | undefined;
}

/**
 * Gives the fields of a dynamic configuration that the spec names their values, and leaves all others alone. Fields that it does
 * not name any more get back what they had before.
 */
export async function convergeDynamicConfig(owner: DynamicConfigOwner, work: Work): Promise<void> {
  const { ingestion, ledger, memory, uid, check } = work;
  const wanted = ingestion.spec.dynamicConfig?.[fieldOf[owner]] ?? {};
  const dropped = ownFields(owner, ledger.status).filter(({ field }) => !Object.hasOwn(wanted, field));
  const aspect = aspectOf(owner);
  if (dropped.length === 0 && Object.keys(wanted).length === 0) return memory.drop(uid, aspect);
  const rival = Object.keys(wanted)
    .map((field) => work.collisions.get(`${fieldOf[owner]} configuration ${field}`))
    .find((each) => each !== undefined);
  if (rival !== undefined) {
    memory.drop(uid, aspect);
    return ledger.block({ reason: 'OwnedByAnother', message: collisionNote(rival) });
  }
  const seen = memory.get(uid, aspect);
  const key = keyOf(wanted, dropped);
  if (seen?.key === key && check !== aspect) {
    if (seen.refusal !== undefined) ledger.block(seen.refusal);
    return;
  }
  // What is read, changed and written back must not cross with that of another resource.
  await work.alone(`dynamic configuration ${owner}`, () => makeSo({ owner, wanted, key, seen }, dropped, work));
}

function aspectOf(owner: DynamicConfigOwner) {
  return `${fieldOf[owner]} configuration` as const;
}

function keyOf(wanted: JsonObject, dropped: readonly OwnField[]): string {
  return objectHash([wanted, dropped.map(({ field }) => field)]);
}

async function makeSo(target: Target, dropped: readonly OwnField[], work: Work): Promise<void> {
  const { owner, wanted } = target;
  const { ledger, memory, uid } = work;
  const refusal = await restoreFields(owner, dropped, work);
  if (refusal !== undefined) return refuse(target, `Druid refuses to have it put back: ${refusal}`, work);
  const kept = ownFields(owner, ledger.status).filter(({ field }) => Object.hasOwn(wanted, field));
  noteFields(owner, kept, ledger);
  if (Object.keys(wanted).length === 0) return memory.drop(uid, aspectOf(owner));
  await look({ ...target, key: keyOf(wanted, []) }, work);
}

/** Compares the fields with what Druid has, and puts them right. */
async function look(target: Target, work: Work): Promise<void> {
  const { owner } = target;
  const current = (await work.druid.value((api) => api.dynamicConfig(owner))) ?? {};
  if (!isAsWanted(target, current)) return write(target, current, work);
  noteFields(owner, fieldsOf(target, current, current, work), work.ledger);
  return remember(target, current, work);
}

function isAsWanted({ wanted, seen, key }: Target, current: JsonObject): boolean {
  if (seen?.key === key) return seen.refusal === undefined && seen.shown === objectHash(shownOf(wanted, current));
  // A new process cannot tell what Druid has added; after an edit, what Druid has more may be what was taken out.
  if (seen === undefined)
    return Object.entries(wanted).every(([name, value]) => includes(valueIn(current, name), value));
  return objectHash(shownOf(wanted, current)) === objectHash(wanted);
}

/** The fields that are wanted, as Druid has them. */
function shownOf(wanted: JsonObject, current: JsonObject): JsonObject {
  return Object.fromEntries(Object.keys(wanted).map((name) => [name, valueIn(current, name) ?? null]));
}

/** What the status is to say of the fields: what each of them has now, and had before it was ours. */
function fieldsOf(
  { owner, wanted }: Target,
  now: JsonObject,
  before: JsonObject,
  { ledger }: Pick<Work, 'ledger'>,
): readonly OwnField[] {
  const known = new Map(ownFields(owner, ledger.status).map((own) => [own.field, own]));
  return Object.keys(wanted).map((field) => {
    const setHash = objectHash(valueIn(now, field) ?? null);
    const own = known.get(field);
    if (own !== undefined) return { ...own, setHash };
    return { field, ...formerOf(valueIn(before, field)), setHash };
  });
}

function formerOf(value: Json | undefined): Pick<OwnField, 'formerJson'> {
  return value === undefined ? {} : { formerJson: JSON.stringify(value) };
}

async function write(target: Target, current: JsonObject, work: Work): Promise<void> {
  const { owner, wanted, seen, key } = target;
  const { druid, ledger, now } = work;
  const before = ownFields(owner, ledger.status);
  const fields = fieldsOf(target, wanted, current, work);
  const tooLong = fields.find(({ formerJson = '' }) => formerJson.length > longestFormer);
  if (tooLong !== undefined) return refuse(target, tooLongNote(tooLong), work);
  // Written down first: what may have been set has to be put back some day.
  noteFields(owner, fields, ledger);
  if (!isEqual(before, fields)) await work.save();
  const sent = owner === 'Coordinator' ? wanted : { ...current, ...wanted };
  const answer = await druid.settle((api) => api.setDynamicConfig(owner, sent));
  if (answer.kind === 'Refused') {
    noteFields(owner, before, ledger);
    return refuse(target, answer.message, work);
  }
  const shown = (await druid.value((api) => api.dynamicConfig(owner))) ?? {};
  noteFields(owner, fieldsOf(target, shown, current, work), ledger);
  remember(target, shown, work);
  const isRepair = seen?.key === key && seen.refusal === undefined;
  if (isRepair) ledger.note({ lastRepairTime: now });
  ledger.tell(isRepair ? 'Repaired' : 'Updated', `Druid has taken the ${fieldOf[owner]}'s dynamic configuration`);
}

function isEqual(before: readonly OwnField[], after: readonly OwnField[]): boolean {
  const hashes = new Map(before.map(({ field, setHash }) => [field, setHash]));
  return before.length === after.length && after.every(({ field, setHash }) => hashes.get(field) === setHash);
}

function tooLongNote({ field }: OwnField): string {
  return `what Druid has in ${field} is longer than ${longestFormer} characters of JSON, so it could not be put back; take the field out of the spec`;
}

function remember({ owner, wanted, key }: Target, current: JsonObject, { memory, uid, nowMs }: Work): void {
  memory.set(uid, aspectOf(owner), { key, shown: objectHash(shownOf(wanted, current)), checkedAtMs: nowMs });
}

function refuse({ owner, key }: Target, why: string, { ledger, memory, uid, nowMs }: Work): void {
  const message = `spec.dynamicConfig.${fieldOf[owner]}: ${why}`;
  const refusal = { reason: 'DynamicConfigRejected', message } as const;
  memory.set(uid, aspectOf(owner), { key, shown: undefined, checkedAtMs: nowMs, refusal });
  ledger.warn(refusal.reason, message);
  ledger.block(refusal);
}
