import type { Reconciler } from '@capstan/runtime';
import { withKeptPatterns } from './adoption/kept-patterns.ts';
import { isToBeReplaced } from './adoption/sight.ts';
import { PrismCluster } from './api/v1alpha1/prism-cluster.ts';
import { dataFirst } from './children/data-first.ts';
import type { PlanOptions } from './children/plan.ts';
import { eventsOf } from './events.ts';
import type { Figures } from './figures.ts';
import { configMustNotBeDeep } from './judge/config-must-not-be-deep.ts';
import { judge } from './judge/judge.ts';
import { judgedBy } from './judge/judged-by.ts';
import { afterwards, type Outside, observe } from './observe.ts';
import { withPatternResources } from './prism-pattern/fold.ts';
import { rebootstrapAdmin, withoutWayOn } from './rebootstrap/rebootstrap.ts';
import { recheckAfter } from './status/recheck.ts';
import { statusOf, unhurried } from './status.ts';

export interface ReconcilerOptions extends PlanOptions {
  readonly outside: Outside;
  readonly figures: Figures;
}

/** Drives one cluster towards its spec: read, judge, apply, report. */
export function clusterReconciler({ outside, figures, ...options }: ReconcilerOptions): Reconciler<PrismCluster> {
  return async (resource, pass) => {
    // A CRD that was replaced by hand may have lost the defaults; what is below relies on them.
    const shallow = configMustNotBeDeep(resource);
    const whole = withPatternResources(PrismCluster.withDefaults(shallow.cluster), pass.cache);
    const cluster = withKeptPatterns(whole, pass.cache);
    const observed = await observe(cluster, pass, outside);
    const judged = judgedBy(cluster, observed, options, pass.cache);

    const refusal = shallow.refusal ?? judge(cluster, judged);
    if (refusal !== undefined) {
      const standing = { ...observed, ...withoutWayOn(cluster, observed) };
      const findings = { observed: standing, refusal, children: [], failures: [], contests: [] };
      const status = statusOf(cluster, findings, pass.now);
      figures.saw(cluster.metadata, status);
      return pass.report({ status, unhurried, events: eventsOf(cluster, status, []) });
    }

    const outcome = await pass.apply(dataFirst(judged.plan(), cluster, observed));
    const after = afterwards(cluster, observed, pass);
    const standing = await rebootstrapAdmin(cluster, { observed: after, outcome }, pass);
    const findings = { ...outcome, observed: { ...after, ...standing } };
    const status = statusOf(cluster, findings, pass.now);
    figures.saw(cluster.metadata, status);
    const events = eventsOf(cluster, status, outcome.children);
    const isHindered = standing.rebootstrapObstacle !== undefined;
    const isHalfWay = isToBeReplaced(cluster, observed.adoption, after.adoption);
    const recheck = recheckAfter(status, { ...outcome, before: cluster.status, now: pass.now, isHindered, isHalfWay });
    return pass.report({ status, unhurried, events, ...recheck });
  };
}
