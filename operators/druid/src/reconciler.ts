import { conditionOf, type Millis, minutes, type Pass, type Reconciler, type Result } from '@capstan/runtime';
import type { DruidIngestion } from './api/v1alpha1/druid-ingestion.ts';
import { type Approach, approachOf } from './approach.ts';
import { lastGoodConfigMap, lastGoodName } from './children/last-good-spec.ts';
import type { Connected } from './connection/connect.ts';
import { converge, convergeIngestion } from './converge/converge.ts';
import type { Conversation } from './converge/conversation.ts';
import { heldIn } from './converge/held.ts';
import { Ledger } from './converge/ledger.ts';
import type { Trouble } from './converge/not-answered.ts';
import { tend } from './converge/tend.ts';
import { type Turn, takeTurn } from './converge/turn.ts';
import { tendingOf, workOf } from './converge/work-of.ts';
import { eventsOf } from './events.ts';
import type { Findings } from './findings.ts';
import type { Policy } from './judge/guard.ts';
import { judge } from './judge/judge.ts';
import { type Observed, observe } from './observe.ts';
import type { Outside } from './outside.ts';
import { shallowIngestion } from './spec/shallow-ingestion.ts';
import type { Understood } from './spec/understand.ts';
import { recheckAfterMs } from './status/recheck.ts';
import { statusFrom, statusOf, unhurried } from './status.ts';
import { takenOver } from './taken-over.ts';

export interface ReconcilerOptions {
  readonly outside: Outside;
  readonly policy: Policy;
  /** How often a settled ingestion is looked at, in ms. */
  readonly pollMs: Millis;
}

/** Drives one ingestion towards its spec: read, judge, make Druid so, keep what it took, report. */
export function ingestionReconciler({ outside, policy, pollMs }: ReconcilerOptions): Reconciler<DruidIngestion> {
  return async (resource, pass) => {
    // A CRD that was replaced by hand may have lost the defaults; what is below relies on them.
    const stored = shallowIngestion(resource);
    const ingestion = takenOver(stored, { cache: pass.cache, now: pass.now, safety: policy.safety });
    const observed = await observe(ingestion, pass, outside.contents);
    const ledger = new Ledger(ingestion.status, observed.lastGood);
    if (ingestion !== stored) tellTakeOver(ledger);
    const refusal = judge(ingestion, observed, policy);
    const before = beginning(ingestion, observed, ledger);
    const approach = approachOf(ingestion, observed, refusal, policy.safety);
    const found: Findings = { ...before, ...(refusal !== undefined && { refusal }) };
    if (refusal !== undefined && approach.kind === 'Nothing')
      return report(ingestion, found, pass, { outside, pollMs });

    const talking = { ingestion, observed, approach, found, pass, outside, policy };
    const turn = pass.isRehearsal ? undefined : await talk(talking);
    if (turn !== undefined && 'afterMs' in turn)
      return pass.report({ status: stored.status ?? {}, recheckAfterMs: turn.afterMs });
    const { failures } = await pass.apply(planOf(ingestion, ledger));
    return report(ingestion, { ...found, ...turn, failures }, pass, { outside, pollMs });
  };
}

function tellTakeOver(ledger: Ledger): void {
  const { id = '' } = ledger.status;
  const isTask = heldIn(ledger.status)?.isTask === true;
  const effect = isTask
    ? 'It is not run again unless the spec is another one'
    : 'It is left as it runs unless the spec is another one';
  ledger.tell(
    'TakenOver',
    `Took over ${isTask ? 'task' : 'supervisor'} ${id} from the first Druid operator. ${effect}`,
  );
}

/** What is known before Druid is asked. */
function beginning(ingestion: DruidIngestion, observed: Observed, ledger: Ledger): Findings {
  const { understanding, connecting } = observed;
  const understood = understanding && 'understood' in understanding ? understanding.understood : undefined;
  const missing = connecting && ('missing' in connecting ? connecting.missing : connecting.lacking);
  return {
    ...{ ledger, failures: [], isSuspended: isToBeSuspended(ingestion, understood, observed) },
    ...(understood !== undefined && { understood }),
    ...(missing !== undefined && { missing }),
  };
}

/** A spec that cannot be read may say that it is suspended: then it stays as it is, unless the resource says so or so. */
function isToBeSuspended(
  { spec: { suspend } }: DruidIngestion,
  understood: Understood | undefined,
  { lastGood }: Observed,
): boolean {
  if (understood !== undefined) return suspend === true || understood.isSuspended;
  return suspend ?? lastGood?.spec['suspended'] === true;
}

/** All that a talk with Druid needs. */
interface Talking {
  readonly ingestion: DruidIngestion;
  readonly observed: Observed;
  readonly approach: Approach;
  readonly found: Findings;
  readonly pass: Pass<DruidIngestion>;
  readonly outside: Outside;
  readonly policy: Policy;
}

/** Asks Druid, as far as that is possible. */
async function talk(
  talking: Talking,
): Promise<
  Pick<Findings, 'trouble' | 'lastHttpStatus' | 'isLookedAfter'> | Extract<Turn, { kind: 'Busy' }> | undefined
> {
  const { observed, approach, outside } = talking;
  const { connecting } = observed;
  if (approach.kind === 'Nothing' || connecting === undefined || 'missing' in connecting) return undefined;
  const { connected } = connecting;
  const turn = await takeTurn(connected.connection, outside, (druid) => goAbout(druid, connected, talking));
  if (turn.kind === 'Busy') return turn;
  const { lastHttpStatus } = turn;
  const trouble = turn.isResting ? lastCause(turn.trouble, talking.ingestion) : turn.trouble;
  return {
    isLookedAfter: true,
    ...(trouble !== undefined && { trouble }),
    ...(lastHttpStatus !== undefined && { lastHttpStatus }),
  };
}

/** While a silent Druid is left alone, what it did last is the cause: it does not change, and neither does the status. */
function lastCause(resting: Trouble | undefined, { status }: DruidIngestion): Trouble | undefined {
  const reachable = conditionOf(status?.conditions, 'Reachable');
  if (resting?.kind !== 'Unreachable' || reachable?.reason !== 'DruidUnreachable') return resting;
  return { ...resting, message: (reachable.message ?? '').replace(/\.$/, '') };
}

async function goAbout(druid: Conversation, connected: Connected, talking: Talking): Promise<void> {
  const { ingestion, observed, approach, found, pass, outside, policy } = talking;
  const { memory, turns } = outside;
  if (approach.kind === 'Nothing') return;
  if (approach.kind === 'Tend')
    return tend(tendingOf({ ingestion, druid, memory, pass, collisions: observed.collisions, ...found }));
  // What is true of the ingestion is only known at the end: half way through, Ready would be told too early.
  const save = async () => void (await pass.report({ status: statusFrom(found.ledger.status) }));
  const work = workOf({
    ...{ ingestion, understood: approach.understood, druid, connected, findings: found },
    ...{ memory, turns, pass, save, safety: policy.safety, collisions: observed.collisions },
  });
  if (approach.kind === 'AsWanted') return converge(work);
  // Rules, lookups and whatever else the spec asks for wait until it may be carried out.
  await convergeIngestion(work);
}

/** One ConfigMap, or what there is of it while it is not known what belongs into it. */
function planOf(ingestion: DruidIngestion, { lastGood, status }: Ledger) {
  const objects = lastGood === undefined ? [] : [lastGoodConfigMap(ingestion, lastGood)];
  const isUnknown = lastGood === undefined && status.lastGoodSpecHash !== undefined;
  const steps = [{ name: 'last good spec', objects }];
  return isUnknown
    ? {
        steps,
        retained: ({ metadata }: { metadata: { name: string } }) =>
          metadata.name === lastGoodName(ingestion.metadata.name),
      }
    : { steps };
}

async function report(
  ingestion: DruidIngestion,
  findings: Findings,
  pass: Pass<DruidIngestion>,
  { outside, pollMs }: Pick<ReconcilerOptions, 'outside' | 'pollMs'>,
): Promise<Result> {
  const status = statusOf(ingestion, findings, pass.now);
  const recheck = recheckAfterMs(findings, status, pass.now, pollMs);
  outside.figures.did(findings.ledger.deeds);
  outside.figures.saw(ingestion.metadata.uid ?? '', { state: status.state ?? 'NONE', lag: status.lag ?? 0 });
  return pass.report({
    ...{ status, unhurried, events: eventsOf(ingestion.status, status, findings) },
    ...(recheck !== undefined && { recheckAfterMs: recheck }),
  });
}

/** How long one pass may take: a supervisor that cannot reach its stream takes a minute to stop. */
export const passDeadlineMs: Millis = minutes(5);
