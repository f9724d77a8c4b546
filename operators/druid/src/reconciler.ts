import { type Millis, millis, minutes, type Pass, type Reconciler, type Result } from '@capstan/runtime';
import { DruidIngestion } from './api/v1alpha1/druid-ingestion.ts';
import { lastGoodConfigMap, lastGoodName } from './children/last-good-spec.ts';
import { converge } from './converge/converge.ts';
import { Ledger } from './converge/ledger.ts';
import { takeTurn } from './converge/turn.ts';
import { workOf } from './converge/work-of.ts';
import { eventsOf } from './events.ts';
import type { Findings } from './findings.ts';
import type { Policy } from './judge/guard.ts';
import { judge } from './judge/judge.ts';
import { type Observed, observe } from './observe.ts';
import type { Outside } from './outside.ts';
import { recheckAfterMs } from './status/recheck.ts';
import { statusOf, unhurried } from './status.ts';

export interface ReconcilerOptions {
  readonly outside: Outside;
  readonly policy: Policy;
  /** How often a settled ingestion is looked at, in ms. */
  readonly pollMs: Millis;
}

/** When to come again to a Druid that others are with. */
const soon: Millis = millis(500);

/** Drives one ingestion towards its spec: read, judge, make Druid so, keep what it took, report. */
export function ingestionReconciler({ outside, policy, pollMs }: ReconcilerOptions): Reconciler<DruidIngestion> {
  return async (resource, pass) => {
    // A CRD that was replaced by hand may have lost the defaults; what is below relies on them.
    const ingestion = DruidIngestion.withDefaults(resource);
    const observed = await observe(ingestion, pass, outside.contents);
    const ledger = new Ledger(ingestion.status, observed.lastGood);
    const refusal = judge(ingestion, observed, policy);
    const before = beginning(ingestion, observed, ledger);
    if (refusal !== undefined) return report(ingestion, { ...before, refusal }, pass, { outside, pollMs });

    const turn = pass.isRehearsal ? undefined : await talk(ingestion, observed, before, pass, outside);
    if (turn === 'Busy') return pass.report({ status: ingestion.status ?? {}, recheckAfterMs: soon });
    const { failures } = await pass.apply(planOf(ingestion, ledger));
    return report(ingestion, { ...before, ...turn, failures }, pass, { outside, pollMs });
  };
}

/** What is known before Druid is asked. */
function beginning({ spec }: DruidIngestion, { understanding, connecting }: Observed, ledger: Ledger): Findings {
  const understood = understanding && 'understood' in understanding ? understanding.understood : undefined;
  return {
    ...{ ledger, failures: [], isSuspended: spec.suspend === true || understood?.isSuspended === true },
    ...(understood !== undefined && { understood }),
    ...(connecting !== undefined && 'missing' in connecting && { missing: connecting.missing }),
  };
}

/** Asks Druid, as far as that is possible. */
async function talk(
  ingestion: DruidIngestion,
  { connecting }: Observed,
  before: Findings,
  pass: Pass<DruidIngestion>,
  outside: Outside,
): Promise<Pick<Findings, 'trouble' | 'lastHttpStatus'> | 'Busy' | undefined> {
  const { understood } = before;
  if (understood === undefined || connecting === undefined || 'missing' in connecting) return undefined;
  const { connection } = connecting.connected;
  const save = async () => void (await pass.report({ status: statusOf(ingestion, before, pass.now) }));
  const turn = await takeTurn(connection, outside, (druid) =>
    converge(
      workOf({
        ...{ ingestion, understood, druid, save },
        findings: before,
        connected: connecting.connected,
        pass,
        memory: outside.memory,
      }),
    ),
  );
  if (turn.kind === 'Busy') return 'Busy';
  const { trouble, lastHttpStatus } = turn;
  return { ...(trouble !== undefined && { trouble }), ...(lastHttpStatus !== undefined && { lastHttpStatus }) };
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
  outside.figures.saw(ingestion.metadata.uid ?? '', { state: status.state ?? 'NONE', lag: status.lag ?? 0 });
  return pass.report({
    ...{ status, unhurried, events: eventsOf(ingestion.status, status, findings) },
    ...(recheck !== undefined && { recheckAfterMs: recheck }),
  });
}

/** How long one pass may take: a supervisor that cannot reach its stream takes a minute to stop. */
export const passDeadlineMs: Millis = minutes(5);
