import type { BrokerPod } from '../brokers/broker-pod.ts';
import type { Leadership } from '../brokers/leadership.ts';

/** What a roll-out does next. */
export type Restart =
  /** Every broker runs what the StatefulSet says now. */
  | { readonly kind: 'Done' }
  /** A broker's turn has not come. `on`: what is waited for; pods and controllers come by themselves. */
  | { readonly kind: 'Wait'; readonly on: 'Controller' | 'Pods' | 'Leader' | 'Secrets'; readonly why: string }
  /** These pods are deleted now; the StatefulSet makes them anew. More than one only where none of them serves. */
  | { readonly kind: 'Replace'; readonly pods: readonly BrokerPod[] };

export interface RolloutSight {
  /** Brokers there should be; the raft quorum is a majority of them. */
  readonly size: number;
  readonly pods: readonly BrokerPod[];
  /** The revision that the StatefulSet makes pods from now; absent while its controller has not looked at its spec. */
  readonly updateRevision: string | undefined;
  readonly leadership: Leadership;
}

/** Brokers without which a cluster of this size has no quorum. */
export function quorumOf(size: number): number {
  return Math.floor(size / 2) + 1;
}

/**
 * Which broker is restarted next, if any may be.
 *
 * One at a time, from the highest ordinal down and the raft leader last, and only while every broker is ready and exactly one
 * of them leads: so the quorum is never in danger, and no answer means no. A broker that runs an outdated spec and does
 * not serve anyhow goes first, whoever leads: that is how a spec that could not start is replaced by one that can. Where so few
 * serve that there is no quorum, nobody can become ready before the others are replaced too, and all of them are. Pure.
 * Facts: the broker on a real node, sections 0 and 2.
 *
 * @param sight `now`: RFC 3339
 */
export function nextRestart(sight: RolloutSight & { readonly now: string }): Restart {
  const { size, pods, updateRevision, leadership, now } = sight;
  if (updateRevision === undefined)
    return wait('Controller', 'the StatefulSet controller has not looked at the new spec yet');
  const former = pods.filter(({ revision }) => revision !== updateRevision);
  if (former.length === 0) return { kind: 'Done' };
  const outdated = former.filter(({ isTerminating }) => !isTerminating);
  if (outdated.length === 0) return waitForPods(size, pods);
  const broken = outdated.filter(({ isReady }) => !isReady);
  const serving = pods.filter(({ isReady, isTerminating }) => isReady && !isTerminating);
  if (broken.length > 0) return restartBroken({ broken, size, pods, updateRevision, now });
  if (serving.length < size) return waitForPods(size, pods);
  // A single broker is its own quorum, and its leader.
  if (size > 1 && leadership.kind !== 'One') return wait('Leader', notOneLeader(leadership));
  const leader = leadership.kind === 'One' ? leadership.leader : undefined;
  return replace(lastOf(outdated.filter(({ name }) => name !== leader)) ?? lastOf(outdated));
}

/** How long a broker that has started must have been unready before it is given up, in ms. */
const givenUpAfterMs = 60_000;

interface Broken {
  readonly broken: readonly BrokerPod[];
  readonly size: number;
  readonly pods: readonly BrokerPod[];
  readonly updateRevision: string;
  readonly now: string;
}

/**
 * A broker that has just stumbled comes back by itself, and so does one whose node does not answer: neither is replaced. A second one is
 * not taken while a first is under way, unless neither can become ready without the other, or a broker serves with the present
 * spec already and this one will not run as it is.
 */
function restartBroken({ broken, size, pods, updateRevision, now }: Broken): Restart {
  const others = pods.filter((pod) => !broken.includes(pod));
  const serving = others.filter(({ isReady, isTerminating }) => isReady && !isTerminating);
  const isUnderWay = pods.length < size || serving.length < others.length;
  const hasQuorum = serving.length >= quorumOf(size);
  const isProven = serving.some(({ revision }) => revision === updateRevision);
  const lost = broken.filter((pod) => isLost(pod, isUnderWay, now));
  const hopeless = isProven ? broken.filter((pod) => !pod.isUnreachable && pod.trouble !== undefined) : [];
  if (hasQuorum) {
    const next = isUnderWay ? lastOf(hopeless) : lastOf(lost);
    return next === undefined ? waitForPods(size, isUnderWay ? others : pods) : replace(next);
  }
  return lost.length > 0 ? { kind: 'Replace', pods: lost } : waitForPods(size, pods);
}

function isLost(
  { trouble, hasStarted, isUnreachable, notReadySince }: BrokerPod,
  isUnderWay: boolean,
  now: string,
): boolean {
  if (isUnreachable) return false;
  if (trouble !== undefined || (!hasStarted && !isUnderWay)) return true;
  return notReadySince !== undefined && Date.parse(now) - Date.parse(notReadySince) >= givenUpAfterMs;
}

function waitForPods(size: number, pods: readonly BrokerPod[]): Restart {
  return wait('Pods', `${nameMissing(size, pods)} must be ready first`);
}

function notOneLeader(leadership: Exclude<Leadership, { kind: 'One' }>): string {
  switch (leadership.kind) {
    case 'None':
      return 'no broker says that it leads';
    case 'Several':
      return `${leadership.leaders.join(' and ')} all say that they lead`;
    case 'Unknown':
      return `it is not known who leads (${leadership.why})`;
  }
}

function nameMissing(size: number, pods: readonly BrokerPod[]): string {
  const late = pods.filter(({ isReady, isTerminating }) => !isReady || isTerminating).map(({ name }) => name);
  return late.length > 0 ? late.join(', ') : `${size - pods.length} of ${size} brokers`;
}

function lastOf(pods: readonly BrokerPod[]): BrokerPod | undefined {
  return pods.toSorted((a, b) => b.ordinal - a.ordinal)[0];
}

function replace(pod: BrokerPod | undefined): Restart {
  return pod === undefined ? { kind: 'Done' } : { kind: 'Replace', pods: [pod] };
}

function wait(on: Extract<Restart, { kind: 'Wait' }>['on'], why: string): Restart {
  return { kind: 'Wait', on, why };
}
