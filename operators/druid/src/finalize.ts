import {
  type Finalize,
  type Finalized,
  type FinalizePass,
  type Millis,
  minutes,
  seconds,
  type Waiting,
} from '@capstan/runtime';
import { Druid } from './api/druid.ts';
import { DruidIngestion, type DruidIngestionStatus } from './api/v1alpha1/druid-ingestion.ts';
import { connect } from './connection/connect.ts';
import type { Conversation } from './converge/conversation.ts';
import { endSupervisor } from './converge/former-supervisors.ts';
import { Ledger } from './converge/ledger.ts';
import { takeTurn } from './converge/turn.ts';
import { endpointMustBeAllowed } from './judge/endpoint-must-be-allowed.ts';
import type { Policy } from './judge/guard.ts';
import { secretsMustBeOwn } from './judge/secrets-must-be-own.ts';
import { specMustBeValid } from './judge/spec-must-be-valid.ts';
import type { Outside } from './outside.ts';
import { isTaskType } from './spec/understand.ts';

/** Stands for the supervisor or task in Druid. */
const finalizer = `${DruidIngestion.group}/ingestion`;

/** How long a cluster that is not there has to be gone before nobody waits for it. */
const goneAfter: Millis = seconds(30);

interface FinalizeOptions {
  readonly outside: Outside;
  readonly policy: Policy;
  /** How long a deletion may wait before the condition DeletionBlocked says why, in ms; 5 minutes unless told. */
  readonly deadlineMs?: Millis;
}

/**
 * What has to happen in Druid before a resource may go. It waits while Druid cannot be asked: after the deadline the condition
 * `DeletionBlocked` says why and how to end it, and a namespace that is being deleted waits no longer.
 */
export function ingestionFinalize({ outside, policy, deadlineMs }: FinalizeOptions): Finalize<DruidIngestion> {
  return {
    finalizer,
    ...(deadlineMs !== undefined && { deadlineMs }),
    run: async (resource, pass) => {
      const ingestion = DruidIngestion.withDefaults(resource);
      const end = await endOf(ingestion, pass, outside, policy);
      if (end === 'Done') forget(ingestion, outside);
      return end;
    },
  };
}

function forget({ metadata: { uid = '' } }: DruidIngestion, { memory, figures }: Outside): void {
  memory.forget(uid);
  figures.forget(uid);
}

async function endOf(
  ingestion: DruidIngestion,
  pass: FinalizePass<DruidIngestion>,
  outside: Outside,
  policy: Policy,
): Promise<Finalized> {
  if (!hasAnything(ingestion) || ingestion.spec.deletionPolicy === 'Retain') return 'Done';
  const refusal =
    specMustBeValid(ingestion, {}) ??
    secretsMustBeOwn(ingestion, {}, policy) ??
    endpointMustBeAllowed(ingestion, {}, policy);
  if (refusal !== undefined) return { waitingFor: refusal, recheckAfterMs: minutes(1) };
  const connecting = await connect(ingestion, { needed: [], further: [] }, pass, outside.contents);
  if ('missing' in connecting) return (await isClusterGone(ingestion, pass)) ? 'Done' : waiting(connecting.missing);
  const ledger = new Ledger(ingestion.status, undefined);
  const turn = await takeTurn(connecting.connected.connection, outside, (druid) => clear(ingestion, druid, ledger));
  if (turn.kind === 'Busy') return waiting({ reason: 'DruidBusy', message: 'others are with that Druid' }, seconds(1));
  const { trouble } = turn;
  const [obstacle] = ledger.obstacles;
  const left = trouble === undefined ? obstacle : { reason: `Druid${trouble.kind}`, message: trouble.message };
  await pass.report({ status: departing(ingestion, left, pass.now), events: ledger.events });
  return left === undefined ? 'Done' : waiting(left);
}

/** The flat fields of the first Druid operator say how far the deletion is; a change of them has the events recorded too. */
function departing({ status = {} }: DruidIngestion, left: Waiting | undefined, now: string): DruidIngestionStatus {
  const type = `DruidIngestionControllerShutDown${left === undefined ? 'Success' : 'Fail'}`;
  if (status.type === type) return status;
  const { reason, message } = left ?? {
    reason: 'Ended',
    message: 'What was in Druid has ended as the deletion policy says.',
  };
  return { ...status, type, status: left === undefined ? 'True' : 'False', reason, message, lastUpdateTime: now };
}

function waiting(
  waitingFor: { readonly reason: string; readonly message: string },
  recheckAfterMs?: Millis,
): Finalized {
  return { waitingFor, ...(recheckAfterMs !== undefined && { recheckAfterMs }) };
}

/** The status is written before the first call, so what it does not know of is not there. */
function hasAnything({ status }: DruidIngestion): boolean {
  const { id, taskId, formerIds, rulesDataSource, compactionDataSource } = status ?? {};
  return [id, taskId, formerIds, rulesDataSource, compactionDataSource].some((known) => known !== undefined);
}

/** Neither the cluster's resource nor its router is there: what ran in it has gone with it. */
async function isClusterGone({ metadata, spec }: DruidIngestion, pass: FinalizePass<DruidIngestion>): Promise<boolean> {
  if (spec.endpoint?.url !== undefined) return false;
  const waitedMs = Date.parse(pass.now) - Date.parse(metadata.deletionTimestamp ?? pass.now);
  if (waitedMs < goneAfter) return false;
  return (await pass.read(Druid, { namespace: metadata.namespace, name: spec.druidCluster })) === undefined;
}

/** Ends what is the resource's own in Druid, as its policy says. */
async function clear(ingestion: DruidIngestion, druid: Conversation, ledger: Ledger): Promise<void> {
  const { status = {}, spec } = ingestion;
  const id = status.id ?? status.taskId;
  const policy = spec.deletionPolicy === 'Suspend' ? 'Suspend' : 'Terminate';
  if (id !== undefined) await endIngestion(ingestion, id, druid, ledger, policy);
  for (const former of status.formerIds ?? []) await endOne(ingestion, former, druid, ledger, 'Terminate');
  if (policy === 'Suspend') return;
  const { rulesDataSource, compactionDataSource } = status;
  if (rulesDataSource !== undefined) await druid.settle((api) => api.setRules(rulesDataSource, []));
  if (compactionDataSource !== undefined) await druid.settle((api) => api.removeCompaction(compactionDataSource));
}

async function endIngestion(
  ingestion: DruidIngestion,
  id: string,
  druid: Conversation,
  ledger: Ledger,
  how: 'Terminate' | 'Suspend',
): Promise<void> {
  const { ingestionType = ingestion.spec.ingestion.type, state } = ingestion.status ?? {};
  const isTask = ingestionType === 'native-batch' || isTaskType(ingestionType);
  if (!isTask) return endOne(ingestion, id, druid, ledger, how);
  if (state === 'SUCCESS' || state === 'FAILED') return;
  await druid.settle((api) => api.shutDownTask(id));
  ledger.tell('Stopped', `Stopped task ${id}`);
}

async function endOne(
  ingestion: DruidIngestion,
  id: string,
  druid: Conversation,
  ledger: Ledger,
  how: 'Terminate' | 'Suspend',
): Promise<void> {
  if ((await endSupervisor(ingestion, id, druid, ledger, how)) !== 'Refused') return;
  ledger.block({ reason: 'SpecRejected', message: `Druid refuses to end supervisor ${id}` });
}
