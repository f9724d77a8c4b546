import type { BrokerPod } from '../brokers/broker-pod.ts';
import type { Leadership } from '../brokers/leadership.ts';
import type { RolloutSight } from './next-restart.ts';

/** How long a started broker may be shut out before the leader is suspected, in ms. */
export const lockedOutAfterMs = 60_000;

/** A broker that is up and cannot join, while another one leads. */
export interface LockOut {
  readonly stuck: BrokerPod;
  readonly leader: BrokerPod;
}

export interface LockOutSight {
  readonly pods: readonly BrokerPod[];
  readonly leadership: Leadership;
  /** RFC 3339. */
  readonly now: string;
}

/**
 * Finds a broker that a leader with a dead connection keeps out.
 *
 * When a broker vanishes without a word, or comes back with another address, the leader may go on writing into a connection that
 * nobody answers, and refuses every new one for up to 15 minutes; then it answers requests it never commits. Seen from outside: a
 * pod runs, has passed its start-up probe and has not been ready for a minute, while another one says that it leads. Pure.
 * Facts: the broker on a real node, section 0.
 */
export function lockedOut({ pods, leadership, now }: LockOutSight): LockOut | undefined {
  const leaderName = 'leader' in leadership ? leadership.leader : undefined;
  // The pod of a node that does not answer would only hang in termination.
  const leader = pods.find((pod) => pod.name === leaderName && !pod.isTerminating && !pod.isUnreachable);
  const stuck = pods.find((pod) => isStuck(pod, now));
  return leader === undefined || stuck === undefined || stuck === leader ? undefined : { stuck, leader };
}

function isStuck(pod: BrokerPod, now: string): boolean {
  const { isReady, isTerminating, isUnreachable, hasStarted, notReadySince, trouble } = pod;
  if (isReady || isTerminating || isUnreachable || !hasStarted) return false;
  if (trouble !== undefined || notReadySince === undefined) return false;
  return Date.parse(now) - Date.parse(notReadySince) >= lockedOutAfterMs;
}

/**
 * Whether a leader would come back with a spec that no broker has become ready with yet. Then it may be the spec that keeps the
 * other one from joining, and replacing the leader too could cost the quorum. Pure.
 */
export function wouldSpread(
  { leader }: LockOut,
  { pods, updateRevision }: Pick<RolloutSight, 'pods' | 'updateRevision'>,
): boolean {
  const isProven = pods.some(({ revision, isReady }) => isReady && revision === updateRevision);
  return leader.revision !== updateRevision && !isProven;
}

/** What was done about a lock-out before; of the status. */
export interface LeaderReplacement {
  readonly leader: string;
  readonly leaderUid: string;
  readonly stuckPod: string;
  readonly stuckPodUid: string;
  readonly time: string;
}

/** Whether the leader is replaced, or why not. */
export type Cure = { readonly kind: 'Replace' } | { readonly kind: 'Spared'; readonly why: string };

/**
 * Whether a leader may be replaced for this lock-out: at most once in `intervalMs`, and never twice for the same pod. When it did
 * not help the first time the reason is another one, such as a volume that the broker cannot write.
 */
export function cureOf(
  { stuck, leader }: LockOut,
  before: LeaderReplacement | undefined,
  { now, intervalMs }: { readonly now: string; readonly intervalMs: number },
): Cure {
  if (before === undefined) return { kind: 'Replace' };
  // The same leader is still there: it was to be replaced, and that has not happened yet.
  if (before.stuckPodUid === stuck.uid && before.leaderUid === leader.uid) return { kind: 'Replace' };
  if (before.stuckPodUid === stuck.uid)
    return {
      kind: 'Spared',
      why: `the leader ${before.leader} was replaced for it at ${before.time}, and that did not help`,
    };
  const elapsed = Date.parse(now) - Date.parse(before.time);
  if (elapsed >= intervalMs) return { kind: 'Replace' };
  const next = new Date(Date.parse(before.time) + intervalMs).toISOString();
  return { kind: 'Spared', why: `a leader was replaced at ${before.time}; the next one may be from ${next} on` };
}
