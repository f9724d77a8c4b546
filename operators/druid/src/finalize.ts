import {
  type Finalize,
  type Finalized,
  type FinalizePass,
  type Millis,
  minutes,
  seconds,
  type Waiting,
} from '@capstan/runtime';
import { DruidIngestion, type DruidIngestionStatus } from './api/v1alpha1/druid-ingestion.ts';
import { collisionsOf } from './claims.ts';
import { connect, type Missing } from './connection/connect.ts';
import { clearClusterSettings } from './converge/clear-cluster-settings.ts';
import type { Conversation } from './converge/conversation.ts';
import { compactionSetting, rulesSetting } from './converge/data-source-settings.ts';
import { endHeld } from './converge/end-held.ts';
import { heldIn } from './converge/held.ts';
import { Ledger } from './converge/ledger.ts';
import { aloneAt } from './converge/one-at-a-time.ts';
import { removeSetting } from './converge/setting.ts';
import { type Turn, takeTurn } from './converge/turn.ts';
import { isClusterThere, tendingOf } from './converge/work-of.ts';
import { endpointMustBeAllowed } from './judge/endpoint-must-be-allowed.ts';
import type { Policy } from './judge/guard.ts';
import { secretsMustBeOwn } from './judge/secrets-must-be-own.ts';
import { specMustBeValid } from './judge/spec-must-be-valid.ts';
import type { Outside } from './outside.ts';
import { referencesIn, type SecretReference } from './spec/secret-references.ts';
import { shallowIngestion } from './spec/shallow-ingestion.ts';
import type { Understood } from './spec/understand.ts';
import { writtenSpec } from './spec/written-spec.ts';
import { troubleReason } from './status/trouble-reason.ts';
import { statusFrom } from './status.ts';
import { withoutWishes } from './without-wishes.ts';

/** Stands for the supervisor or task in Druid. */
const finalizer = `${DruidIngestion.group}/ingestion`;

/** How long a cluster that is not there has to be gone before nobody waits for it. */
const goneAfter: Millis = seconds(30);

/** How long a deletion may wait unless told. */
const usualDeadline: Millis = minutes(5);

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
    formerNames: ['druidingestion.datainfra.io/finalizer'],
    ...(deadlineMs !== undefined && { deadlineMs }),
    run: async (resource, pass) => {
      const end = await endOf(resource, pass, { outside, policy, ...(deadlineMs !== undefined && { deadlineMs }) });
      if (end === 'Done') forget(resource, outside);
      return end;
    },
  };
}

function forget({ metadata: { uid = '' } }: DruidIngestion, { memory, figures }: Outside): void {
  memory.forget(uid);
  figures.forget(uid);
}

/** What the steps of a deletion share. */
interface Departing extends FinalizeOptions {
  readonly ingestion: DruidIngestion;
  readonly pass: FinalizePass<DruidIngestion>;
  readonly ledger: Ledger;
}

async function endOf(
  resource: DruidIngestion,
  pass: FinalizePass<DruidIngestion>,
  options: FinalizeOptions,
): Promise<Finalized> {
  const ingestion = whereItIs(shallowIngestion(resource));
  if (ingestion.spec.deletionPolicy === 'Retain') return 'Done';
  const departing: Departing = { ...options, ingestion, pass, ledger: new Ledger(ingestion.status, undefined) };
  const wish = writtenSpec(ingestion);
  const isKnown = hasAnything(ingestion);
  if (!isKnown && wish === undefined) return 'Done';
  const end = await ask(wish, departing);
  if (end === 'Done' || isKnown) return end;
  return waitBriefly(end.waitingFor, departing);
}

/** What is in the Druid that took it is to end there, wherever the spec points by now. */
function whereItIs(ingestion: DruidIngestion): DruidIngestion {
  const { spec, status = {} } = ingestion;
  if (heldIn(status) === undefined) return ingestion;
  const { url: _by, ...endpoint } = spec.endpoint ?? {};
  const { endpointUrl: url } = status;
  return { ...ingestion, spec: { ...spec, endpoint: { ...endpoint, ...(url !== undefined && { url }) } } };
}

async function ask(wish: Understood | undefined, departing: Departing): Promise<Finalized> {
  const { ingestion, pass, ledger, outside, policy } = departing;
  const refusal =
    specMustBeValid(withoutWishes(ingestion), {}) ??
    secretsMustBeOwn(ingestion, {}, policy) ??
    endpointMustBeAllowed(ingestion, {}, policy);
  if (refusal !== undefined) return { waitingFor: refusal, recheckAfterMs: minutes(1) };
  const connecting = await connect(ingestion, { needed: [], further: referencesOf(ingestion) }, pass, outside.contents);
  if ('missing' in connecting) return withoutDruid(connecting.missing, departing);
  const { connection } = connecting.connected;
  const turn = await takeTurn(connection, outside, async (druid) => {
    await clear(wish, druid, departing);
    if (ingestion.spec.deletionPolicy !== 'Terminate') return;
    await clearClusterSettings({ druid, ledger, alone: aloneAt(connection.url, outside.turns) });
  });
  if (turn.kind === 'Busy') return waiting({ reason: 'DruidBusy', message: 'others are with that Druid' }, seconds(1));
  const [obstacle] = ledger.obstacles;
  const left = turn.trouble === undefined ? obstacle : troubleOf(turn, ingestion);
  outside.figures.did(ledger.deeds);
  await pass.report({ status: departingStatus(departing, left), events: ledger.events });
  return left === undefined ? 'Done' : waiting(left);
}

/** Values of these are not told in any message. */
function referencesOf({ spec, status }: DruidIngestion): readonly SecretReference[] {
  const lookups = (spec.lookups ?? []).map((lookup) => lookup.lookupExtractorFactory);
  return referencesIn([status?.['currentIngestionSpec.json'] ?? null, ...lookups]).references;
}

/** The last real cause is kept while a silent Druid is left alone. */
function troubleOf({ trouble, isResting }: Talked, { status = {} }: DruidIngestion): Waiting | undefined {
  if (trouble === undefined) return undefined;
  const reason = troubleReason(trouble);
  const isKnown = isResting && status.type === shutDownWord('Fail') && status.reason === reason;
  return { reason, message: isKnown ? (status.message ?? trouble.message) : trouble.message };
}

type Talked = Extract<Turn, { kind: 'Talked' }>;

function shutDownWord(end: 'Success' | 'Fail'): string {
  return `DruidIngestionControllerShutDown${end}`;
}

/** The flat fields of the first Druid operator say how far the deletion is; a change of them has the events recorded too. */
function departingStatus({ ledger, pass }: Departing, left: Waiting | undefined): DruidIngestionStatus {
  const status = statusFrom(ledger.status);
  const { reason, message } = left ?? {
    reason: 'Ended',
    message: 'What was in Druid has ended as the deletion policy says.',
  };
  const type = shutDownWord(left === undefined ? 'Success' : 'Fail');
  if (status.type === type && status.reason === reason && status.message === message) return status;
  return { ...status, type, status: left === undefined ? 'True' : 'False', reason, message, lastUpdateTime: pass.now };
}

function waiting(
  waitingFor: { readonly reason: string; readonly message: string },
  recheckAfterMs?: Millis,
): Finalized {
  return { waitingFor, ...(recheckAfterMs !== undefined && { recheckAfterMs }) };
}

/** The status is written before the first call, so what it does not know of is not there, unless the status was lost. */
function hasAnything({ status }: DruidIngestion): boolean {
  const { id, taskId, formerIds, submitting, rulesDataSource, compactionDataSource, lookups, dynamicConfig } =
    status ?? {};
  const known = [id, taskId, formerIds, submitting, rulesDataSource, compactionDataSource, lookups, dynamicConfig];
  return known.some((each) => each !== undefined);
}

/** There is most likely nothing to end: nobody is made to wait for long. */
async function waitBriefly(waitingFor: Waiting, { ingestion, pass, ledger }: Departing): Promise<Finalized> {
  if (waitedMs(ingestion, pass) < goneAfter) return waiting(waitingFor, seconds(5));
  const note = `Druid could not be asked whether it has anything of this resource: ${waitingFor.message}`;
  ledger.warn('LeftAlone', note);
  await pass.report({ status: statusFrom(ledger.status), events: ledger.events });
  return 'Done';
}

/** Without a router it is left, once the cluster has gone; where nobody knows whether there was one, not before the deadline. */
async function withoutDruid(missing: Missing, departing: Departing): Promise<Finalized> {
  const { ingestion, pass, ledger, deadlineMs = usualDeadline } = departing;
  const waited = waitedMs(ingestion, pass);
  if (missing.reason !== 'RouterNotFound' || waited < goneAfter) return waiting(missing);
  if (await isClusterThere(ingestion, pass)) return waiting(missing);
  if (ingestion.status?.clusterSeen === true) return 'Done';
  if (waited < deadlineMs) return waiting(missing);
  ledger.warn(
    'LeftAlone',
    `What is in Druid was left alone: ${missing.message}, and there is no Druid resource either`,
  );
  await pass.report({ status: departingStatus(departing, missing), events: ledger.events });
  return 'Done';
}

function waitedMs({ metadata }: DruidIngestion, { now }: FinalizePass<DruidIngestion>): number {
  return Date.parse(now) - Date.parse(metadata.deletionTimestamp ?? now);
}

/** Ends what is the resource's own in Druid, as its policy says. */
async function clear(wish: Understood | undefined, druid: Conversation, departing: Departing): Promise<void> {
  const { ingestion, pass, ledger, outside } = departing;
  const how = ingestion.spec.deletionPolicy === 'Suspend' ? 'Suspend' : 'Terminate';
  const { memory } = outside;
  const collisions = collisionsOf(ingestion, pass.cache);
  await endHeld(wish, how, tendingOf({ ingestion, druid, ledger, memory, pass, collisions, isSuspended: false }));
  if (how === 'Suspend') return;
  const understood = wish ?? { ...nothingWished, type: ingestion.spec.ingestion.type };
  for (const setting of [rulesSetting, compactionSetting]) {
    const { ownedOf, ...rest } = setting({ ingestion, understood, ledger });
    const refusal =
      ownedOf === undefined ? undefined : await removeSetting({ ownedOf, ...rest }, ownedOf, { druid, ledger });
    if (refusal !== undefined) ledger.block({ reason: 'EndRefused', message: refusal });
  }
}

/** Of a spec that nobody can read, where only what the status knows counts. */
const nothingWished = { kind: 'Supervisor', spec: {}, isSuspended: false, references: [] } as const;
