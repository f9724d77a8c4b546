import type { Answer, JsonObject } from '../druid/druid-api.ts';
import { withScaledCount } from '../spec/scaled-counts.ts';
import { namedId } from '../spec/supervisor-ids.ts';
import { heldIn } from './held.ts';
import { whyNeverCarriedOut } from './never-carried-out.ts';
import { NotAnswered } from './not-answered.ts';
import { skipOperations } from './operations.ts';
import { belongingOf } from './ownership.ts';
import { type Place, shownHash } from './place.ts';
import { markedTarget, type Target } from './target.ts';
import { filled, type Work } from './work.ts';

/** Druid has taken a spec under this id, or would not have it. */
export type Submitted = Extract<Answer<{ readonly id: string }>, { kind: 'Done' | 'Refused' }>;

/**
 * Sends the spec of a supervisor. The ids that it may get are in the status before, so that whoever deletes the resource knows of
 * it, even if no answer comes, or this process ends here.
 *
 * @throws {NotAnswered} when Druid does not answer, or lets the operator do nothing
 */
export async function submitTo(place: Place, target: Target, work: Work): Promise<Submitted> {
  const { druid, ledger } = work;
  const { submitting } = ledger.status;
  const sent = isLeftUnmarked(place, target, work) ? target : markedTarget(target, work);
  if (place.kept === undefined) await announce(place, work);
  const answer = await druid.ask((api) => api.submitSupervisor(sentSpec(place, sent, work)));
  // What was not made now has not to be looked for; what was asked for before may still be there.
  if (answer.kind === 'Refused' || whyNeverCarriedOut(answer) !== undefined) ledger.note({ submitting });
  if (answer.kind === 'Denied' || answer.kind === 'Unreachable') throw new NotAnswered(answer);
  if (answer.kind === 'Done') await taken(answer.value.id, place, sent, work);
  return answer;
}

/** A supervisor of the first Druid operator gets its mark with the first change that starts its tasks anyway. */
function isLeftUnmarked({ shown }: Place, { spec, hash }: Target, work: Work): boolean {
  if (shown === undefined || hash !== work.ledger.status.lastGoodSpecHash) return false;
  const isSuspendedAlike = (shown['suspended'] === true) === (spec['suspended'] === true);
  return isSuspendedAlike && belongingOf(shown, work) === 'Unmarked';
}

async function announce({ ids }: Place, { ledger, now, save, seesCluster }: Work): Promise<void> {
  const before = ledger.status.submitting?.ids ?? [];
  ledger.note({ submitting: { ids: [...new Set([...before, ...ids])], since: now } });
  if (ledger.status.clusterSeen !== true && (await seesCluster())) ledger.note({ clusterSeen: true });
  await save();
}

/** Under the id that it has; with as many tasks as Druid has come to by itself. */
function sentSpec({ kept, shown }: Place, { spec }: Target, work: Work): JsonObject {
  const scaled = withScaledCount(filled(spec, work), shown);
  const named = namedId(spec);
  return kept === undefined || named === undefined || named === kept ? scaled : { ...scaled, id: kept };
}

/** Druid has taken the spec: it is the one to go back to, and whatever had another id is to go. */
async function taken(id: string, place: Place, target: Target, work: Work): Promise<void> {
  const { ledger, memory, uid } = work;
  skipOperations(work);
  const spec = wording(target, ledger);
  ledger.note({
    ...{ id, taskId: id, lastGoodSpecHash: target.hash, refusedLastGoodHash: undefined },
    ...{ ingestionType: target.understood.type, dataSource: target.understood.dataSource },
    endpointUrl: work.ingestion.spec.endpoint?.url,
    'currentIngestionSpec.json': JSON.stringify(spec),
    refusedSpec: ledger.status.refusedSpec?.hash === target.hash ? undefined : ledger.status.refusedSpec,
    formerIds: formerIds(id, work),
    submitting: stillSubmitting(id, place, work),
  });
  ledger.lastGood = { hash: target.hash, spec };
  memory.drop(uid, 'supervisor');
  const shown = await work.druid.value((api) => api.supervisorSpec(id));
  if (shown !== undefined) remember(target, shown, work);
}

/** What says the same as what was kept stays as it was written there: the first Druid operator, were it to look, had nothing to send. */
function wording({ hash, spec }: Target, { lastGood }: Work['ledger']): JsonObject {
  const isSuspendedAlike = (lastGood?.spec['suspended'] === true) === (spec['suspended'] === true);
  return lastGood?.hash === hash && isSuspendedAlike ? lastGood.spec : spec;
}

/** Remembers how Druid shows what it has taken. */
export function remember({ key }: Target, shown: JsonObject, { memory, uid, nowMs }: Work): void {
  memory.set(uid, 'supervisor', { key, shown: shownHash(shown), checkedAtMs: nowMs });
}

function formerIds(id: string, { ledger: { status } }: Work): readonly string[] | undefined {
  const held = heldIn(status);
  const known = [...(status.formerIds ?? []), ...(held === undefined || held.isTask ? [] : [held.id])];
  const former = [...new Set(known)].filter((each) => each !== id);
  return former.length === 0 ? undefined : former;
}

/** Supervisors of which no answer told, and those that Druid showed beside the one that it has now. */
function stillSubmitting(id: string, { others }: Place, { ledger: { status }, now }: Work) {
  const ids = others.filter((each) => each !== id && each !== heldIn(status)?.id);
  return ids.length === 0 ? undefined : { ids, since: status.submitting?.since ?? now };
}
