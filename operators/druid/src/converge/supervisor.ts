import type { JsonObject } from '../druid/druid-api.ts';
import { includes } from '../spec/includes.ts';
import { isScaled, withoutScaledCounts } from '../spec/scaled-counts.ts';
import { heldIn } from './held.ts';
import type { Seen } from './memory.ts';
import { ageOf, retryAfter } from './next-check.ts';
import { belongingOf } from './ownership.ts';
import { type Place, placeOf, shownHash } from './place.ts';
import { remember, submitTo } from './submission.ts';
import { readState } from './supervisor-state.ts';
import { fitTarget, isRefused, type Target, wantedTarget } from './target.ts';
import { tendSupervisor } from './tend-supervisor.ts';
import { filled, type Work } from './work.ts';

/** Why a spec is sent. */
type Occasion = 'Create' | 'Update' | 'Repair';

/** Makes the supervisor as the spec says, and reads its state. */
export async function convergeSupervisor(work: Work): Promise<void> {
  const { ledger, memory, uid, check } = work;
  const wanted = wantedTarget(work);
  if (ledger.status.refusedSpec?.hash !== wanted.hash) ledger.note({ refusedSpec: undefined });
  const target = fitTarget(wanted, work);
  const seen = memory.get(uid, 'supervisor');
  if (isRefused(target, work) && isToRetry(seen, work)) return retry(wanted, target, work);
  if (isRefused(wanted, work)) blockFor(wanted, target, work);
  if (isRefused(target, work)) return tendSupervisor(work);
  if (seen?.key !== target.key) return submit(target, occasionOf(work), work);
  if (check === 'supervisor') return checkDrift(target, seen, work);
  if (check === 'state' && !(await readState(work))) return submit(target, 'Repair', work);
}

/** An extension may have been added since, or a Secret corrected. */
async function retry(wanted: Target, target: Target, work: Work): Promise<void> {
  await submit(target, occasionOf(work), work);
  if (target !== wanted) blockFor(wanted, target, work);
}

function isToRetry(seen: Seen | undefined, { nowMs }: Work): boolean {
  return seen === undefined || ageOf(seen, nowMs) >= retryAfter;
}

function blockFor(wanted: Target, target: Target, work: Work): void {
  const { ledger } = work;
  const message = `Druid refuses the spec: ${ledger.status.refusedSpec?.message ?? ''}`;
  if (target === wanted) {
    ledger.block({ reason: 'SpecRejected', message });
    return;
  }
  const effect = isRefused(target, work)
    ? 'It refuses the last one that it took as well; change the spec'
    : 'The supervisor has the last spec that Druid took; change the spec';
  ledger.block({ reason: 'RolledBack', message: `${message}. ${effect}` });
}

function occasionOf({ ledger }: Work): Occasion {
  return ledger.status.lastGoodSpecHash === undefined ? 'Create' : 'Update';
}

/** Somebody may have changed the supervisor, or ended it. */
async function checkDrift(target: Target, seen: Seen, work: Work): Promise<void> {
  const { druid, memory, uid, ledger, nowMs } = work;
  const id = heldIn(ledger.status)?.id ?? '';
  const shown = await druid.value((api) => api.supervisorSpec(id));
  if (shown !== undefined && shownHash(shown) === seen.shown)
    return memory.set(uid, 'supervisor', { ...seen, checkedAtMs: nowMs });
  await submit(target, 'Repair', work);
}

async function submit(target: Target, occasion: Occasion, work: Work): Promise<void> {
  const { ledger, memory, uid } = work;
  const place = await placeOf(target, work);
  // Whoever has it by now is looked for again in each pass.
  if (place === 'Foreign') return memory.drop(uid, 'supervisor');
  if (isThereAlready(target, place, work)) remember(target, place.shown ?? {}, work);
  else {
    const answer = await submitTo(place, target, work);
    if (answer.kind === 'Refused') return rejected(target, answer.message, work);
    report(occasion, place.shown, target, work);
  }
  if (!(await readState(work))) ledger.note({ state: undefined, detailedState: undefined });
}

/**
 * Whether a new process finds in Druid what Druid took. For most specs Druid says so itself, and restarts nothing; but where it has
 * changed the number of tasks since, it takes each spec for a changed one. What the first Druid operator made is not even asked about
 * where nothing is missing in it.
 */
function isThereAlready(target: Target, { shown, kept }: Place, work: Work): boolean {
  const { memory, uid, ledger } = work;
  if (shown === undefined || kept === undefined || memory.get(uid, 'supervisor') !== undefined) return false;
  if (ledger.status.lastGoodSpecHash !== target.hash) return false;
  if (!isScaled(target.spec) && belongingOf(shown, work) !== 'Unmarked') return false;
  return includes(withoutScaledCounts(shown), withoutScaledCounts(filled(target.spec, work)));
}

/** Tells what was done; nothing where Druid shows the same as before. */
function report(occasion: Occasion, before: JsonObject | undefined, target: Target, work: Work): void {
  const { ledger, memory, uid, now } = work;
  const { id = '' } = ledger.status;
  if (before !== undefined && shownHash(before) === memory.get(uid, 'supervisor')?.shown) return;
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
async function rejected(target: Target, message: string, work: Work): Promise<void> {
  const { ledger } = work;
  const isWanted = target.hash === wantedTarget(work).hash;
  ledger.note(isWanted ? { refusedSpec: { hash: target.hash, message } } : { refusedLastGoodHash: target.hash });
  ledger.warn('SpecRejected', `Druid refuses the spec: ${message}`);
  forgetRefused(target, message, work);
  const fallback = fitTarget(target, work);
  if (isWanted) blockFor(target, fallback, work);
  if (isRefused(fallback, work)) return tendSupervisor(work);
  await goBack(fallback, work);
}

/** Gives a supervisor the last good spec, which may have been lost over the refused one. */
async function goBack(fallback: Target, work: Work): Promise<void> {
  const { ledger, memory, uid } = work;
  const place = await placeOf(fallback, work);
  if (place === 'Foreign') return memory.drop(uid, 'supervisor');
  const answer = await submitTo(place, fallback, work);
  if (answer.kind === 'Refused') {
    ledger.note({ refusedLastGoodHash: fallback.hash });
    forgetRefused(fallback, answer.message, work);
    return tendSupervisor(work);
  }
  if (place.shown === undefined) {
    const { id = '' } = ledger.status;
    ledger.warn('RolledBack', `Druid had ended supervisor ${id} over the refused spec: it has the last good one`);
  }
  await readState(work);
}

/** What Druid has of it is not known any more; it is tried again after a while. */
function forgetRefused({ key }: Target, message: string, { memory, uid, nowMs }: Work): void {
  const refusal = { reason: 'SpecRejected', message } as const;
  memory.set(uid, 'supervisor', { key, shown: undefined, checkedAtMs: nowMs, refusal });
}
