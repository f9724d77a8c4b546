import type { Reconciler } from '@capstan/runtime';
import { StreamBusCluster } from './api/v1alpha1/stream-bus-cluster.ts';
import type { BrokerPodOptions } from './children/broker-pod.ts';
import { planChildren } from './children/plan.ts';
import { eventsOf } from './events.ts';
import { judge } from './judge/judge.ts';
import { observe } from './observe.ts';
import { statusOf, unhurried } from './status.ts';

/** Drives one cluster towards its spec: read, judge, apply, report. */
export function clusterReconciler(options: BrokerPodOptions): Reconciler<StreamBusCluster> {
  return async (resource, pass) => {
    // A CRD that was replaced by hand may have lost the defaults; what is below relies on them.
    const cluster = StreamBusCluster.withDefaults(resource);
    const observed = observe(cluster, pass.cache);

    const refusal = judge(cluster, observed);
    if (refusal !== undefined) {
      const status = statusOf(cluster, observed.statefulSet, { refusal, failures: [], contests: [] }, pass.now);
      return pass.report({ status, unhurried, events: eventsOf(cluster, status, []) });
    }

    const outcome = await pass.apply(planChildren(cluster, options));
    const { statefulSet } = observe(cluster, pass.cache);
    const status = statusOf(cluster, statefulSet, outcome, pass.now);
    return pass.report({ status, unhurried, events: eventsOf(cluster, status, outcome.children) });
  };
}
