import type { Answer, DruidApi, JsonObject, TaskStatus } from '../druid/druid-api.ts';
import { objectHash } from '../spec/object-hash.ts';
import { postedSql, postedTask, taskOfQuery } from '../spec/posted-spec.ts';
import { filled, type Tending, type Work } from './work.ts';

/** The states in which a task is over. */
const ended: readonly (string | undefined)[] = ['SUCCESS', 'FAILED'];

/** The state of an ingestion whose task was stopped because it is suspended. */
const stopped = 'STOPPED';

/** Runs a task once for each spec: a changed spec stops the old task and starts another one. */
export async function convergeTask(work: Work): Promise<void> {
  const { ledger, understood } = work;
  const hash = objectHash(understood.spec);
  const { status } = ledger;
  if (status.refusedSpec?.hash === hash) return blockRefused(work);
  if (status.lastGoodSpecHash === hash && status.id !== undefined) {
    await look(work);
    return work.isSuspended ? stop(work) : undefined;
  }
  if (work.isSuspended) return stop(work);
  await submit(hash, work);
}

/** What Druid has, once it has taken it. */
function heldBy({ understood: { type, dataSource }, ingestion }: Work) {
  return { ingestionType: type, dataSource, endpointUrl: ingestion.spec.endpoint?.url };
}

function blockRefused({ ledger }: Work): void {
  const message = ledger.status.refusedSpec?.message ?? '';
  ledger.block({ reason: 'SpecRejected', message: `Druid refuses the spec: ${message}` });
}

/** Looks after a task while no spec of it may be sent: asks how it is, and stops it where it is suspended. */
export async function tendTask(tending: Tending): Promise<void> {
  if (tending.ledger.status.id !== undefined) await look(tending);
  if (tending.isSuspended) await stop(tending);
}

/** Asks how the task is, until it is over. */
async function look(work: Tending): Promise<void> {
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

function noteTask({ status, runnerStatus, error }: TaskStatus, { ledger, now }: Tending): void {
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

function blockFailed({ ledger }: Tending): void {
  const { id = '', state, recentErrors: [error] = [] } = ledger.status;
  if (state !== 'FAILED') return;
  const message = `Task ${id} has failed: ${error?.message ?? 'Druid does not say why'}. It is not run again until the spec changes`;
  ledger.block({ reason: 'TaskFailed', message });
}

/** Stops the task that runs; one that is over stays as it is. */
async function stop(work: Tending): Promise<void> {
  const { ledger } = work;
  const id = runningTask(ledger.status);
  if (id === undefined || (await shutDown(id, work)) === 'Refused') return;
  // Another one starts when it is not suspended any more.
  ledger.note({ ...nothingRuns, state: stopped, detailedState: undefined });
  ledger.tell('Suspended', `Stopped task ${id}`);
}

/** What says that a spec has been run. */
const nothingRuns = { taskId: undefined, lastGoodSpecHash: undefined, submittingHash: undefined };

/** The task that may be running. */
function runningTask(status: Work['ledger']['status']): string | undefined {
  if (ended.includes(status.state) || status.state === stopped) return undefined;
  return status.id;
}

async function shutDown(id: string, { druid, ledger }: Tending): Promise<'Stopped' | 'Absent' | 'Refused'> {
  const answer = await druid.settle((api) => api.shutDownTask(id));
  if (answer.kind === 'Done') return answer.value;
  const message = `Druid refuses to stop task ${id}, which goes on: ${answer.message}. Stop it in Druid`;
  ledger.block({ reason: 'EndRefused', message });
  return 'Refused';
}

async function submit(hash: string, work: Work): Promise<void> {
  const { ledger } = work;
  const isGoingOn = ledger.status.submittingHash === hash;
  if (!isGoingOn) {
    if ((await replaceFormer(work)) === 'Refused') return;
    await announce(hash, work);
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
  ledger.note(heldBy(work));
  ledger.tell('Submitted', `Druid has taken task ${id}`);
  await look(work);
}

const done = { kind: 'Done' } as const;

function understoodSpec({ understood }: Work): JsonObject {
  return understood.spec;
}

/** Noted before Druid is asked, so that this task and no other is made or found if this process ends here. */
async function announce(hash: string, work: Work): Promise<void> {
  const { ledger } = work;
  const submissions = (ledger.status.submissions ?? 0) + 1;
  const id = newId(hash, submissions, work);
  // The data source is noted when Druid has taken it: what belongs to the former one is not to go before.
  const { dataSource: _later, ...held } = heldBy(work);
  ledger.note({ id, submissions, submittingHash: hash, state: undefined, recentErrors: undefined, ...held });
  if (ledger.status.clusterSeen !== true && (await work.seesCluster())) ledger.note({ clusterSeen: true });
}

/** A task of the spec before must not write beside the new one. */
async function replaceFormer(work: Work): Promise<'Replaced' | 'Refused'> {
  const id = runningTask(work.ledger.status);
  const end = id === undefined ? 'Absent' : await shutDown(id, work);
  if (end === 'Stopped') work.ledger.tell('Replaced', `Stopped task ${id}: the spec has changed`);
  return end === 'Refused' ? 'Refused' : 'Replaced';
}

function start(api: DruidApi, id: string, work: Work): Promise<Answer<unknown>> {
  const { understood } = work;
  if (understood.kind === 'Task') return api.submitTask(filled(postedTask(understood, id), work));
  return api.submitSql(filled(postedSql(understood, queryOf(id)), work));
}

/** The longest part of an id that comes from the name of the resource. */
const longestName = 100;

/**
 * Says of which resource, spec and generation a task is, so that the same one is never made twice, and by a count, so that a spec that
 * comes back is run again.
 */
function newId(hash: string, submissions: number, { ingestion, understood, uid }: Work): string {
  const { name, generation = 0 } = ingestion.metadata;
  const core = `${name.slice(0, longestName)}-${uid.slice(0, 8)}-g${generation}-${hash.slice(0, 8)}-${submissions}`;
  return understood.kind === 'Sql' ? taskOfQuery(core) : `${understood.type}_${core}`;
}

function queryOf(taskId: string): string {
  return taskId.slice(taskOfQuery('').length);
}
