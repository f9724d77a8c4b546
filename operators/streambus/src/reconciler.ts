import type { Reconciler } from '@capstan/runtime';
import { StreamBusCluster } from './api/v1alpha1/stream-bus-cluster.ts';
import { type ChildrenOptions, planChildren } from './children/plan.ts';
import { eventsOf } from './events.ts';
import { findingsOf } from './findings.ts';
import { judge } from './judge/judge.ts';
import { type Observed, type Outside, observe, statefulSetOf } from './observe.ts';
import { reBootstrap } from './rebootstrap/re-bootstrap.ts';
import { circumstancesOf, isServing } from './rollout/circumstances.ts';
import { confirmed, type RolloutOptions, replaceLeader, restartBrokers } from './rollout/rollout.ts';
import { recheckAfter, recheckRefusal } from './status/recheck.ts';
import { statusOf, unhurried } from './status.ts';

export interface ReconcilerOptions extends ChildrenOptions, RolloutOptions {
  readonly outside: Outside;
}

/** Drives one cluster towards its spec: read, judge, apply, replace at most one pod, report. */
export function clusterReconciler({ outside, ...options }: ReconcilerOptions): Reconciler<StreamBusCluster> {
  return async (resource, pass) => {
    // A CRD that was replaced by hand may have lost the defaults; what is below relies on them.
    const cluster = StreamBusCluster.withDefaults(resource);
    const observed = await observe(cluster, pass, outside);

    const refusal = judge(cluster, observed);
    if (refusal !== undefined) {
      const findings = findingsOf(cluster, observed, { refusal });
      const status = statusOf(cluster, observed.statefulSet, findings, pass.now);
      const events = eventsOf(cluster, status, findings);
      return pass.report({ status, unhurried, events, ...recheckRefusal(refusal) });
    }

    const outcome = await pass.apply(planChildren(cluster, observed, options));
    const after: Observed = { ...observed, statefulSet: statefulSetOf(cluster, pass.cache) };
    const decision = await confirmed(cluster, circumstancesOf(cluster, after), options, pass);
    await restartBrokers(decision, pass);
    const progress = await reBootstrap(cluster, { ...after, isServing: isServing(cluster, after) }, pass);

    const findings = findingsOf(cluster, after, { outcome, decision, progress });
    const status = statusOf(cluster, after.statefulSet, findings, pass.now);
    const result = await pass.report({
      ...{ status, unhurried, events: eventsOf(cluster, status, findings) },
      ...recheckAfter(cluster, status, findings, pass.now),
    });
    await replaceLeader(decision, pass); // only now that the status remembers it
    return result;
  };
}
