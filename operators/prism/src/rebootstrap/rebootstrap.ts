import { ApiError, type Deployment, type StatefulSet } from '@capstan/kube';
import { type Outcome, type Pass, rolloutOf } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { adminComponent } from '../children/admin-pod.ts';
import { specMustBeValid } from '../judge/spec-must-be-valid.ts';
import type { Observed } from '../observe.ts';
import type { AdminStanding } from './admin-standing.ts';
import { advance, begin, begins, isSetBack } from './advance.ts';
import { isStopped, latestVolume, remainsOf } from './remains.ts';

/** What a pass has found and done before it looks at this. */
export interface Surroundings {
  /** As it is after the plan was applied. */
  readonly observed: Observed;
  readonly outcome: Outcome;
}

/** Where prism-admin stands after a pass. */
export interface NextStanding extends AdminStanding {
  /** Why it cannot be found out whether its members have stopped, for conditions. */
  readonly rebootstrapObstacle?: string;
}

/** The same for a spec that is refused, of which nothing is carried out: it may still be the way back. */
export function withoutWayOn(cluster: PrismCluster, observed: AdminStanding): AdminStanding {
  const { bootstrapped, adminEpoch, rebootstrap } = observed;
  const isBack = specMustBeValid(cluster) === undefined && isSetBack(cluster, observed);
  return { bootstrapped, adminEpoch, rebootstrap: isBack ? undefined : rebootstrap };
}

/**
 * Takes the next step of bootstrapping prism-admin anew, if it is to be, and says where it stands then. The caller puts that into
 * the status, and looks again soon.
 */
export async function rebootstrapAdmin(
  cluster: PrismCluster,
  { observed, outcome }: Surroundings,
  pass: Pass<PrismCluster>,
): Promise<NextStanding> {
  const { bootstrapped, adminEpoch, rebootstrap } = observed;
  const standing = { bootstrapped, adminEpoch, rebootstrap };
  if (begins(cluster, standing) && isCalm(outcome)) {
    const { obstacle } = await asFarAsAllowed(() => remainsOf(cluster, pass));
    return obstacle === undefined ? begin(cluster, standing, pass.now) : { ...standing, rebootstrapObstacle: obstacle };
  }
  if (rebootstrap === undefined) return standing;
  const isAwaited = rebootstrap.step === 'Stopping' && !isSetBack(cluster, standing);
  const stop: Asked<boolean> = isAwaited ? await asFarAsAllowed(() => isStopped(cluster, pass)) : {};
  const stopped = stop.found === true;
  const remains = {
    isStopped: stopped,
    latestVolume: stopped ? await latestVolume(cluster, pass) : 0,
    isServing: isServing(observed),
    isReplayed: observed.replays.missing.length === 0,
  };
  const next = advance(cluster, { ...standing, rebootstrap }, remains, pass.now);
  return { ...next, ...(stop.obstacle !== undefined && { rebootstrapObstacle: stop.obstacle }) };
}

interface Asked<T> {
  readonly found?: T;
  /** Why it was not answered. */
  readonly obstacle?: string;
}

/** A permission that is missing does not come by trying again at once, and only a person can give it. */
async function asFarAsAllowed<T>(ask: () => Promise<T>): Promise<Asked<T>> {
  try {
    return { found: await ask() };
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 403)) throw error;
    const obstacle = `the operator may not look whether all members have stopped (${error.serverMessage}); give it the permissions that it comes with`;
    return { obstacle };
  }
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
