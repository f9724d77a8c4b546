import type { Answer, DruidApi, Json } from '../druid/druid-api.ts';
import { objectHash } from '../spec/object-hash.ts';
import type { Obstacle } from './ledger.ts';
import type { Aspect } from './memory.ts';
import type { Work } from './work.ts';

/** Something that Druid keeps for a data source, and that is ours while the spec asks for it. */
export interface Setting {
  readonly aspect: Exclude<Aspect, 'supervisor'>;
  /** How it is named to people: `retention rules`. */
  readonly name: string;
  /** What the spec asks for; `undefined`: nothing. */
  readonly wanted: Json | undefined;
  readonly dataSource: string | undefined;
  /** The data source whose setting we made. */
  readonly ownedOf: string | undefined;
  readonly rejectedReason: Obstacle['reason'];
  read(api: DruidApi, dataSource: string): Promise<Answer<Json | undefined>>;
  write(api: DruidApi, dataSource: string): Promise<Answer<void>>;
  remove(api: DruidApi, dataSource: string): Promise<Answer<unknown>>;
  /** Notes in the ledger whose setting is ours: from now on, or (`undefined`) no longer any. */
  own(dataSource: string | undefined): void;
}

/** Makes a setting as the spec says; what the spec does not ask for any more, and we had made, is removed. */
export async function convergeSetting(setting: Setting, work: Work): Promise<void> {
  const { wanted, dataSource, ownedOf, own, aspect } = setting;
  if (ownedOf !== undefined && (wanted === undefined || ownedOf !== dataSource)) await remove(setting, ownedOf, work);
  if (wanted === undefined) return work.memory.drop(work.uid, aspect);
  if (dataSource === undefined)
    return work.ledger.block({
      reason: setting.rejectedReason,
      message: `The spec asks for ${setting.name} and names no data source`,
    });
  const key = objectHash([dataSource, wanted]);
  const seen = work.memory.get(work.uid, aspect);
  if (seen?.key === key && seen.refusal !== undefined) block(setting, seen.refusal, work);
  if (seen?.key === key && work.check !== aspect) return;
  const current = await work.druid.value((api) => setting.read(api, dataSource));
  const shown = objectHash(current ?? null);
  const isAsBefore = seen?.key === key ? seen.refusal === undefined && shown === seen.shown : includes(current, wanted);
  if (!isAsBefore) return write(setting, dataSource, key, work);
  work.memory.set(work.uid, aspect, { key, shown, checkedAtMs: work.nowMs });
  own(dataSource);
}

async function write(setting: Setting, dataSource: string, key: string, work: Work): Promise<void> {
  const { druid, memory, ledger, uid, nowMs } = work;
  const isRepair = memory.get(uid, setting.aspect)?.key === key;
  // Noted first: what may have been made has to be removed some day.
  setting.own(dataSource);
  const answer = await druid.settle((api) => setting.write(api, dataSource));
  if (answer.kind === 'Refused') {
    memory.set(uid, setting.aspect, { key, shown: undefined, checkedAtMs: nowMs, refusal: answer.message });
    ledger.warn(setting.rejectedReason, `Druid refuses the ${setting.name}: ${answer.message}`);
    return block(setting, answer.message, work);
  }
  const shown = await druid.value((api) => setting.read(api, dataSource));
  memory.set(uid, setting.aspect, { key, shown: objectHash(shown ?? null), checkedAtMs: nowMs });
  if (isRepair) ledger.note({ lastRepairTime: work.now });
  ledger.tell(isRepair ? 'Repaired' : 'Updated', `Druid has taken the ${setting.name} of ${dataSource}`);
}

function block({ rejectedReason, name }: Setting, message: string, { ledger }: Work): void {
  ledger.block({ reason: rejectedReason, message: `Druid refuses the ${name}: ${message}` });
}

async function remove(setting: Setting, dataSource: string, { druid, ledger }: Work): Promise<void> {
  const answer = await druid.settle((api) => setting.remove(api, dataSource));
  if (answer.kind === 'Refused')
    return ledger.warn(
      'RemovalRefused',
      `Druid refuses to remove the ${setting.name} of ${dataSource}: ${answer.message}`,
    );
  setting.own(undefined);
  ledger.tell('Removed', `Removed the ${setting.name} of ${dataSource}`);
}

/** Whether a value has all that is wanted of it, besides what Druid adds: fields of objects; lists must be as long. */
function includes(current: Json | undefined, wanted: Json): boolean {
  if (current === undefined) return false;
  if (typeof wanted !== 'object' || wanted === null) return current === wanted;
  if (typeof current !== 'object' || current === null || Array.isArray(current) !== Array.isArray(wanted)) return false;
  const [has, asked] = [Object.entries(current), Object.entries(wanted)];
  if (Array.isArray(wanted) && has.length !== asked.length) return false;
  const values = new Map<string, Json>(has);
  return asked.every(([name, value]) => includes(values.get(name), value));
}
