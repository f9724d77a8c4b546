import { type Millis, type Pass, type Reconciler, seconds } from '@capstan/runtime';
import type { PrismPattern } from '../api/v1beta1/prism-pattern.ts';
import { patternEvents } from './events.ts';
import { retire, retirementEvents } from './former/retire.ts';
import { successionOf } from './former/succession.ts';
import { type ObservedPattern, observePattern } from './observe.ts';
import { type Scaling, scalingOf } from './scaling/scaling.ts';
import { type PatternFindings, patternSituation } from './situation.ts';
import { patternStatusOf, unhurriedCounts } from './status.ts';

/**
 * Drives one pattern: finds its cluster, judges it, scales it, reports. What runs it is made by the controller of its cluster, which
 * takes in every pattern that is accepted.
 */
export function patternReconciler(): Reconciler<PrismPattern> {
  return async (pattern, pass) => {
    const observed = observePattern(pattern, pass.cache);
    const scaling = await plannedScaling(observed, pass);
    const outcome = scaling === undefined ? nothingDone : await pass.apply(scaling.plan);
    const { present } = scaling === undefined ? observed : observePattern(pattern, pass.cache);
    const findings: PatternFindings = {
      ...{ observed, present, failures: outcome.failures, children: outcome.children },
      ...(scaling !== undefined && { scaling: scaling.state }),
    };
    const retired = await retire(successionOf(patternSituation(pattern, findings)), pass);
    const failures = [...outcome.failures, ...retired.failures];
    const status = patternStatusOf(pattern, { ...findings, failures }, pass.now);
    const events = [...patternEvents(pattern, status, outcome.children), ...retirementEvents(retired)];
    const result = await pass.report({ status, unhurried: unhurriedCounts, events, ...recheckOf(scaling) });
    if (retired.error !== undefined) throw retired.error;
    return result;
  };
}

const nothingDone = { failures: [], children: [] };

/** Of a pattern that is refused, or whose cluster is not known, everything stays as it is. */
async function plannedScaling(
  { finding, verdict, present, workload }: ObservedPattern,
  pass: Pick<Pass<PrismPattern>, 'list'>,
): Promise<Scaling | undefined> {
  if (finding.kind === 'NotFound' || verdict?.kind !== 'Accepted') return undefined;
  const target = { pattern: verdict.asked, cluster: finding.cluster };
  return scalingOf({ ...target, present, hasWorkload: workload !== undefined }, pass);
}

/** Autoscalers of others are not watched. */
const othersLookedForAgain: Millis = seconds(15);

function recheckOf(scaling: Scaling | undefined): { readonly recheckAfterMs?: Millis } {
  return scaling?.state.kind === 'Foreign' ? { recheckAfterMs: othersLookedForAgain } : {};
}
