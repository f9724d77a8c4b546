import type { Deployment, StatefulSet } from '@capstan/kube';
import { type Outcome, type Pass, rolloutOf } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { adminComponent } from '../children/admin-pod.ts';
import type { Observed } from '../observe.ts';
import type { AdminStanding } from './admin-standing.ts';
import { advance, begin, begins } from './advance.ts';
import { isStopped, latestVolume } from './remains.ts';

/** What a pass has found and done before it looks at this. */
export interface Surroundings {
  /** As it is after the plan was applied. */
  readonly observed: Observed;
  readonly outcome: Outcome;
}

/**
 * Takes the next step of bootstrapping prism-admin anew, if it is to be, and says where it stands then. The caller puts that into
 * the status, and looks again soon.
 */
export async function rebootstrapAdmin(
  cluster: PrismCluster,
  { observed, outcome }: Surroundings,
  pass: Pass<PrismCluster>,
): Promise<AdminStanding> {
  const { bootstrapped, adminEpoch, rebootstrap } = observed;
  const standing = { bootstrapped, adminEpoch, rebootstrap };
  if (begins(cluster, standing) && isCalm(outcome)) return begin(cluster, standing, pass.now);
  if (rebootstrap === undefined) return standing;
  const stopped = rebootstrap.step === 'Stopping' && (await isStopped(cluster, pass));
  const remains = {
    isStopped: stopped,
    latestVolume: stopped ? await latestVolume(cluster, pass) : 0,
    isServing: isServing(observed),
    isReplayed: observed.replays.missing.length === 0,
  };
  return advance(cluster, { ...standing, rebootstrap }, remains, pass.now);
}

/** Nothing failed, and nothing that comes before prism-admin is on its way. How prism-admin itself is does not matter. */
function isCalm({ failures, waiting }: Outcome): boolean {
  return failures.length === 0 && (waiting === undefined || waiting.step === adminComponent);
}

/** The workload must be that of the present bootstrap. */
function isServing({ workloads, leadership, bootstrapped }: Observed): boolean {
  const live: Deployment | StatefulSet | undefined = workloads.get(adminComponent);
  const rollout = rolloutOf(live);
  return (
    live?.spec?.replicas === bootstrapped &&
    rollout.state !== 'Absent' &&
    rollout.ready >= bootstrapped &&
    leadership.kind === 'One'
  );
}
