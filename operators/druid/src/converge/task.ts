import type { Answer, DruidApi, JsonObject, TaskStatus } from '../druid/druid-api.ts';
import { objectHash } from '../spec/object-hash.ts';
import { postedSql, postedTask, taskOfQuery } from '../spec/posted-spec.ts';
import { filled, type Work } from './work.ts';

/** The states in which a task is over. */
const ended: readonly (string | undefined)[] = ['SUCCESS', 'FAILED'];

/** The state of an ingestion whose task was stopped because it is suspended. */
const stopped = 'STOPPED';

/** Runs a task once for each spec: a changed spec stops the old task and starts another one. */
export async function convergeTask(work: Work): Promise<void> {
  const { ledger, understood } = work;
  const { status } = ledger;
  const hash = objectHash(understood.spec);
  if (status.refusedSpec?.hash === hash) return blockRefused(work);
  if (status.lastGoodSpecHash === hash && status.id !== undefined) {
    await look(work);
    return work.isSuspended ? stop(work) : undefined;
  }
  if (work.isSuspended) return stop(work);
  await submit(hash, work);
}

function blockRefused({ ledger }: Work): void {
  const message = ledger.status.refusedSpec?.message ?? '';
  ledger.block({ reason: 'SpecRejected', message: `Druid refuses the spec: ${message}` });
}

/** Asks how the task is, until it is over. */
async function look(work: Work): Promise<void> {
  const { druid, ledger } = work;
  const { id = '', state } = ledger.status;
  if (ended.includes(state)) return blockFailed(work);
  const task = await druid.value((api) => api.taskStatus(id));
  if (task === undefined) {
    const message = 'Druid does not know the task any more';
    ledger.note({ state: 'FAILED', detailedState: undefined, recentErrors: [{ timestamp: work.now, message }] });
    return blockFailed(work);
  }
  noteTask(task, work);
  blockFailed(work);
}

function noteTask({ status, runnerStatus, error }: TaskStatus, { ledger, now }: Work): void {
  const { id = '', state } = ledger.status;
  ledger.note({
    state: status,
    detailedState: runnerStatus === 'NONE' ? undefined : runnerStatus,
    recentErrors: error === undefined ? undefined : [{ timestamp: now, message: error }],
  });
  if (state === status) return;
  if (status === 'SUCCESS') ledger.tell('Succeeded', `Task ${id} has succeeded`);
  if (status === 'FAILED') ledger.warn('TaskFailed', `Task ${id} has failed: ${error ?? 'Druid does not say why'}`);
}

function blockFailed({ ledger }: Work): void {
  const { id = '', state, recentErrors: [error] = [] } = ledger.status;
  if (state !== 'FAILED') return;
  const message = `Task ${id} has failed: ${error?.message ?? 'Druid does not say why'}. It is not run again until the spec changes`;
  ledger.block({ reason: 'TaskFailed', message });
}

/** Stops the task that runs; one that is over stays as it is. */
async function stop(work: Work): Promise<void> {
  const { ledger, druid } = work;
  const { id, state } = ledger.status;
  if (id === undefined || ended.includes(state) || state === stopped) return;
  await druid.settle((api) => api.shutDownTask(id));
  // Another one starts when it is not suspended any more.
  ledger.note({ state: stopped, detailedState: undefined, lastGoodSpecHash: undefined, submittingHash: undefined });
  ledger.tell('Suspended', `Stopped task ${id}`);
}

async function submit(hash: string, work: Work): Promise<void> {
  const { ledger } = work;
  const isGoingOn = ledger.status.submittingHash === hash;
  if (!isGoingOn) {
    await replaceFormer(work);
    // Noted before, so that this task and no other is made or found if this process ends here.
    ledger.note({ id: newId(hash, work), submittingHash: hash, state: undefined, recentErrors: undefined });
    await work.save();
  }
  const { id = '' } = ledger.status;
  const isThere = isGoingOn && (await work.druid.value((api) => api.taskStatus(id))) !== undefined;
  const answer = isThere ? done : await work.druid.settle((api) => start(api, id, work));
  ledger.note({ submittingHash: undefined });
  if (answer.kind === 'Refused') {
    ledger.note({ refusedSpec: { hash, message: answer.message }, id: undefined });
    ledger.warn('SpecRejected', `Druid refuses the spec: ${answer.message}`);
    return blockRefused(work);
  }
  const sent = JSON.stringify(understoodSpec(work));
  ledger.note({ taskId: id, lastGoodSpecHash: hash, refusedSpec: undefined, 'currentIngestionSpec.json': sent });
  ledger.tell('Submitted', `Druid has taken task ${id}`);
  await look(work);
}

const done = { kind: 'Done' } as const;

function understoodSpec({ understood }: Work): JsonObject {
  return understood.spec;
}

/** A task of the spec before must not write beside the new one. */
async function replaceFormer({ ledger, druid }: Work): Promise<void> {
  const { id, state } = ledger.status;
  if (id === undefined || ended.includes(state) || state === stopped) return;
  const answer = await druid.settle((api) => api.shutDownTask(id));
  if (answer.kind === 'Done' && answer.value === 'Stopped')
    ledger.tell('Replaced', `Stopped task ${id}: the spec has changed`);
}

function start(api: DruidApi, id: string, work: Work): Promise<Answer<unknown>> {
  const { understood } = work;
  if (understood.kind === 'Task') return api.submitTask(filled(postedTask(understood, id), work));
  return api.submitSql(filled(postedSql(understood, queryOf(id)), work));
}

/** The longest part of an id that comes from the name of the resource. */
const longestName = 100;

/** Says of which resource, spec and generation a task is, so that the same one is never made twice. */
function newId(hash: string, { ingestion, understood, uid }: Work): string {
  const { name, generation = 0 } = ingestion.metadata;
  const core = `${name.slice(0, longestName)}-${uid.slice(0, 8)}-g${generation}-${hash.slice(0, 8)}`;
  return understood.kind === 'Sql' ? taskOfQuery(core) : `${understood.type}_${core}`;
}

function queryOf(taskId: string): string {
  return taskId.slice(taskOfQuery('').length);
}
