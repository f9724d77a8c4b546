import type { Deployment, StatefulSet } from '@capstan/kube';
import { type Rollout, rolloutOf } from '@capstan/runtime';
import type { ComponentStatus, PrismCluster, PrismPattern } from '../api/v1alpha1/prism-cluster.ts';
import type { BackendKind } from '../backends/backend-kind.ts';
import { type PatternStanding, standingOf } from '../children/pattern-standing.ts';
import { type Component, componentsOf } from '../components.ts';
import { runnerName } from '../names.ts';
import { membersOf, type Observed } from '../observe.ts';
import { isStuck, type PodState, podText, startsWithinMs } from '../pods/pod-state.ts';
import type { UnusableReason } from '../secrets/backend-secrets.ts';

/** What keeps a component from being started, or from being changed, until somebody acts. */
export interface Obstacle {
  readonly reason: UnusableReason | 'BackendDisabled' | 'Refused';
  readonly message: string;
}

/** How one component is. */
export interface ComponentState {
  readonly name: string;
  readonly part: Component['part'];
  /** Pods that are wanted, and those of them that are available. */
  readonly wanted: number;
  readonly available: number;
  /** All that is wanted is available. */
  readonly isAvailable: boolean;
  /** Some pods may still be as the spec was before. */
  readonly isUpdating: boolean;
  readonly isAbsent: boolean;
  /** Its pods will not come by waiting; so it stays, however often they start, until they are available or are others. */
  readonly isStuck: boolean;
  /** The generation of the workload that is stuck; absent of one that is not. */
  readonly stuckGeneration?: number;
  /** It was made a moment ago, or is about to be, and nothing says that it will not come. */
  readonly isStarting: boolean;
  /** Why it is not available; absent while it is. */
  readonly why?: string;
  readonly obstacle?: Obstacle;
}

/** The state of every component, in the order in which they are set up. Pure. */
export function componentStates(cluster: PrismCluster, observed: Observed, now: string): readonly ComponentState[] {
  return componentsOf(cluster, membersOf(cluster, observed.bootstrapped)).map((component) =>
    stateOf(component, cluster, observed, now),
  );
}

function stateOf(component: Component, cluster: PrismCluster, observed: Observed, now: string): ComponentState {
  const { name, part, workload } = component;
  const obstacle = obstacleTo(component, cluster, observed);
  if (workload === undefined) return elsewhere(component, obstacle);
  const live = observed.workloads.get(name);
  const rollout = rolloutOf(live);
  const { wanted, available } = countsOf(live, rollout, cluster, component);
  const isAvailable = live !== undefined && available >= wanted && obstacle === undefined;
  const pods = observed.pods.filter((pod) => pod.component === name && !pod.isReady && !pod.isTerminating);
  const former = stuckBefore(cluster, name, live);
  const stuck = !isAvailable && (former !== undefined || pods.some((pod) => isStuck(pod, now)));
  const isTold = former?.message !== undefined && !pods.some(({ trouble }) => trouble !== undefined);
  const reason = obstacle?.message ?? (isTold ? former.message : whyNot(rollout, { wanted, available }, pods));
  const generation = live?.metadata.generation;
  return {
    ...{ name, part, wanted, available, isAvailable, isAbsent: live === undefined },
    isUpdating: rollout.state === 'InProgress' && rollout.isUpdating,
    isStuck: stuck,
    ...(stuck && generation !== undefined && { stuckGeneration: generation }),
    isStarting: !isAvailable && !stuck && obstacle === undefined && isYoung(live, now),
    ...(!isAvailable && { why: reason }),
    ...(obstacle !== undefined && { obstacle }),
  };
}

/**
 * What the status says of a component whose present pods were stuck. A container that ends again and again runs in between, and would
 * seem to be well each time.
 */
function stuckBefore(
  { status = {} }: PrismCluster,
  component: string,
  live: Deployment | StatefulSet | undefined,
): ComponentStatus | undefined {
  const { adminStatus, proxyStatus, patternStatus = [], backendStatus = [] } = status;
  const before = [adminStatus, proxyStatus, ...patternStatus, ...backendStatus].find(
    (each) => each?.name === component,
  );
  const { stuckGeneration } = before ?? {};
  return stuckGeneration !== undefined && stuckGeneration === live?.metadata.generation ? before : undefined;
}

function isYoung(live: Deployment | StatefulSet | undefined, now: string): boolean {
  if (live === undefined) return true;
  const { creationTimestamp } = live.metadata;
  return creationTimestamp !== undefined && Date.parse(now) - Date.parse(creationTimestamp) < startsWithinMs;
}

/** Of a server that runs elsewhere it is only known whether it can be logged in to. */
function elsewhere({ name, part }: Component, obstacle: Obstacle | undefined): ComponentState {
  const isAvailable = obstacle === undefined;
  const state = {
    name,
    part,
    wanted: 0,
    available: 0,
    isAvailable,
    isUpdating: false,
    isAbsent: false,
    isStuck: false,
    isStarting: false,
  };
  return obstacle === undefined ? state : { ...state, why: obstacle.message, obstacle };
}

function countsOf(
  live: Deployment | StatefulSet | undefined,
  rollout: Rollout,
  cluster: PrismCluster,
  component: Component,
): { readonly wanted: number; readonly available: number } {
  if (live === undefined || rollout.state === 'Absent')
    return { wanted: wantedBySpec(cluster, component), available: 0 };
  return { wanted: rollout.wanted, available: Math.min(live.status?.availableReplicas ?? 0, rollout.wanted) };
}

/** Pods that a workload will have which is not there yet. */
function wantedBySpec({ spec }: PrismCluster, { name, part }: Component): number {
  switch (part) {
    case 'backend':
      return name === 'zookeeper' ? 1 : (spec.backends[name as BackendKind]?.replicas ?? 0); // every other one is a kind
    case 'admin':
      return spec.admin.replicas;
    case 'proxy':
      return spec.proxy.replicas;
    case 'pattern':
      return spec.patterns.find((pattern) => runnerName(pattern.name) === name)?.replicas ?? 0;
  }
}

function obstacleTo({ name, part }: Component, cluster: PrismCluster, { secrets }: Observed): Obstacle | undefined {
  if (part === 'backend') {
    const finding = secrets.findings.get(name === 'zookeeper' ? 'kafka' : (name as BackendKind)); // every other one is a kind
    return finding?.kind === 'Unusable' ? { reason: finding.reason, message: finding.message } : undefined;
  }
  const pattern = part === 'pattern' ? patternOf(cluster, name) : undefined;
  return pattern && patternObstacle(standingOf(cluster, pattern, secrets));
}

function patternOf({ spec: { patterns } }: PrismCluster, component: string): PrismPattern | undefined {
  return patterns.find(({ name }) => runnerName(name) === component);
}

function patternObstacle(standing: PatternStanding): Obstacle | undefined {
  switch (standing.kind) {
    case 'Run':
    case 'Held':
      return undefined;
    case 'BackendMissing':
      return { reason: 'BackendDisabled', message: standing.why };
    case 'Refused':
      return { reason: 'Refused', message: standing.why };
    case 'SecretUnusable':
      return { reason: standing.reason, message: standing.why };
  }
}

/** The same text as long as nothing changes. */
function whyNot(
  rollout: Rollout,
  { wanted, available }: { readonly wanted: number; readonly available: number },
  pods: readonly PodState[],
): string {
  if (rollout.state === 'Absent') return 'it does not exist yet';
  const counts = `${available} of ${wanted} available`;
  const troubled = pods.find(({ trouble }) => trouble !== undefined);
  if (troubled !== undefined) return `${counts}; ${podText(troubled)}`;
  if (rollout.state === 'Stalled') return `${counts}; ${rollout.message}`;
  const [first] = pods;
  return first === undefined ? counts : `${counts}; ${podText(first)}`;
}
