import { minutes } from '@capstan/runtime';
import type { Answer, JsonObject } from '../druid/druid-api.ts';
import { objectHash } from '../spec/object-hash.ts';
import { postedSupervisor } from '../spec/posted-spec.ts';
import { specHash } from '../spec/spec-hash.ts';
import type { LastGood } from './ledger.ts';
import type { Seen } from './memory.ts';
import { foreignness } from './ownership.ts';
import { readState } from './supervisor-state.ts';
import { canFill, filled, type Work } from './work.ts';

/** A spec to be had by Druid, with what tells it from others. */
interface Target extends LastGood {
  /** Of everything that is sent, by versions of Secrets; holds no secret. */
  readonly key: string;
}

/** Why a spec is sent. */
type Occasion = 'Create' | 'Update' | 'Repair';

/** A spec that Druid refused while it has no other is tried again that often, in ms: an extension may have been added. */
const retryAfter = minutes(10);

/** Makes the supervisor as the spec says, and reads its state. */
export async function convergeSupervisor(work: Work): Promise<void> {
  const wanted = targetOf(postedSupervisor(work.understood, work), work);
  if (!isRefused(wanted, work)) work.ledger.note({ refusedSpec: undefined });
  const target = fitTarget(wanted, work);
  const seen = work.memory.get(work.uid, 'supervisor');
  if (isRefused(wanted, work)) blockFor(wanted, target, work);
  if (target === wanted && isRefused(wanted, work) && !isToRetry(seen, work)) return;
  if (seen?.key !== target.key) return submit(target, occasionOf(work), work);
  if (work.check === 'supervisor') return checkDrift(target, seen, work);
  if (work.check === 'state' && !(await readState(work))) return submit(target, 'Repair', work);
}

function targetOf(spec: JsonObject, { secretVersions }: Work): Target {
  const hash = specHash(spec);
  return { hash, spec, key: `${hash} ${spec['suspended'] === true} ${secretVersions}` };
}

/** The spec as it is wanted; in place of one that Druid has refused, the last one that it took. */
function fitTarget(wanted: Target, work: Work): Target {
  const { lastGood } = work.ledger;
  if (!isRefused(wanted, work) || lastGood === undefined || lastGood.hash === wanted.hash) return wanted;
  return canFill(lastGood.spec, work) ? formerTarget(lastGood, work) : wanted;
}

function formerTarget({ spec }: LastGood, work: Work): Target {
  return targetOf({ ...spec, suspended: work.isSuspended }, work);
}

function isRefused({ hash }: Target, { ledger }: Work): boolean {
  return ledger.status.refusedSpec?.hash === hash;
}

function isToRetry(seen: Seen | undefined, { nowMs }: Work): boolean {
  return seen === undefined || nowMs - seen.checkedAtMs >= retryAfter;
}

function blockFor(wanted: Target, target: Target, { ledger }: Work): void {
  const message = ledger.status.refusedSpec?.message ?? '';
  const effect = target === wanted ? '' : '. The supervisor has the last spec that Druid took; change the spec';
  const reason = target === wanted ? 'SpecRejected' : 'RolledBack';
  ledger.block({ reason, message: `Druid refuses the spec: ${message}${effect}` });
}

function occasionOf({ ledger }: Work): Occasion {
  return ledger.status.lastGoodSpecHash === undefined ? 'Create' : 'Update';
}

/** Somebody may have changed the supervisor, or ended it. */
async function checkDrift(target: Target, seen: Seen, work: Work): Promise<void> {
  const { druid, memory, uid, ledger, nowMs } = work;
  const id = ledger.status.id ?? '';
  const shown = await druid.value((api) => api.supervisorSpec(id));
  if (shown !== undefined && objectHash(shown) === seen.shown)
    return memory.set(uid, 'supervisor', { ...seen, checkedAtMs: nowMs });
  await submit(target, 'Repair', work);
}

async function submit(target: Target, occasion: Occasion, work: Work): Promise<void> {
  const { druid, ledger, understood } = work;
  const id = understood.supervisorId ?? '';
  const before = await mayTouch(id, work);
  if (before === 'Foreign') return;
  if (ledger.status.id === undefined) {
    // Whoever deletes the resource has to know that there may be a supervisor, even if this process ends here.
    ledger.note({ id });
    await work.save();
  }
  const answer = await druid.settle((api) => api.submitSupervisor(filled(target.spec, work)));
  if (answer.kind === 'Refused') return rejected(target, answer, work);
  await taken(target, answer.value.id, work);
  report(occasion, before, target, work);
  if (!(await readState(work))) ledger.note({ state: undefined, detailedState: undefined });
}

/** The supervisor that is there, if any; `Foreign` when it is not ours, or another one of the same data source would be hit. */
async function mayTouch(id: string, work: Work): Promise<JsonObject | undefined | 'Foreign'> {
  const { druid, ledger, ingestion, understood } = work;
  const { status } = ledger;
  // A Druid before 34 takes the data source for the id.
  const ids = [...new Set([id, understood.type === 'autocompact' ? id : (understood.dataSource ?? id)])];
  const known = [status.id, status.taskId, ...(status.formerIds ?? [])];
  const shown = new Map<string, JsonObject | undefined>();
  for (const each of ids) shown.set(each, await druid.value((api) => api.supervisorSpec(each)));
  const wasTaken = status.lastGoodSpecHash !== undefined || status.taskId !== undefined;
  for (const [each, spec] of shown) {
    const why = spec && foreignness(ingestion, each, spec, wasTaken ? known : []);
    if (why === undefined) continue;
    ledger.block({ reason: 'NotOurs', message: why });
    return 'Foreign';
  }
  return shown.get(id);
}

/** Druid has taken the spec: it is the one to go back to, and whatever had another id is to go. */
async function taken(target: Target, id: string, { druid, ledger, memory, uid, nowMs }: Work): Promise<void> {
  const { id: formerId, formerIds = [] } = ledger.status;
  const former = [...new Set([...formerIds, ...(formerId === undefined ? [] : [formerId])])].filter(
    (each) => each !== id,
  );
  ledger.note({
    ...{ id, taskId: id, lastGoodSpecHash: target.hash },
    'currentIngestionSpec.json': JSON.stringify(target.spec),
    formerIds: former.length === 0 ? undefined : former,
  });
  ledger.lastGood = { hash: target.hash, spec: target.spec };
  memory.drop(uid, 'supervisor');
  const shown = await druid.value((api) => api.supervisorSpec(id));
  if (shown === undefined) return;
  memory.set(uid, 'supervisor', { key: target.key, shown: objectHash(shown), checkedAtMs: nowMs });
}

/** Tells what was done; nothing where Druid shows the same as before. */
function report(occasion: Occasion, before: JsonObject | undefined, target: Target, work: Work): void {
  const { ledger, memory, uid, now } = work;
  const { id = '' } = ledger.status;
  if (before !== undefined && objectHash(before) === memory.get(uid, 'supervisor')?.shown) return;
  if (occasion === 'Repair') {
    ledger.note({ lastRepairTime: now });
    const what = before === undefined ? 'was gone' : 'had been changed';
    ledger.warn('Repaired', `Supervisor ${id} ${what} in Druid: put right`);
  } else ledger.tell(deedOf(before, target), `Druid has taken the spec of supervisor ${id}`);
}

function deedOf(before: JsonObject | undefined, { spec }: Target): 'Submitted' | 'Suspended' | 'Resumed' | 'Updated' {
  if (before === undefined) return 'Submitted';
  const [was, is] = [before['suspended'] === true, spec['suspended'] === true];
  if (was === is) return 'Updated';
  return is ? 'Suspended' : 'Resumed';
}

/** Druid will not have it. It may even have ended the supervisor over it, so that is looked at and put right. */
async function rejected(target: Target, { message }: Refused, work: Work): Promise<void> {
  const { ledger, memory, uid, nowMs, druid } = work;
  ledger.note({ refusedSpec: { hash: target.hash, message } });
  ledger.warn('SpecRejected', `Druid refuses the spec: ${message}`);
  memory.set(uid, 'supervisor', { key: target.key, shown: undefined, checkedAtMs: nowMs, refusal: message });
  const fallback = fitTarget(target, work);
  blockFor(target, fallback, work);
  const { id } = ledger.status;
  if (fallback === target || id === undefined) return;
  const shown = await druid.value((api) => api.supervisorSpec(id));
  const wasLost = shown === undefined;
  const answer = await druid.settle((api) => api.submitSupervisor(filled(fallback.spec, work)));
  if (answer.kind === 'Refused') return memory.drop(uid, 'supervisor');
  await taken(fallback, answer.value.id, work);
  if (wasLost)
    ledger.warn('RolledBack', `Druid had ended supervisor ${id} over the refused spec: it has the last good one`);
  await readState(work);
}

type Refused = Extract<Answer<unknown>, { kind: 'Refused' }>;
