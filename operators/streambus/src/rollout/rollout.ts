import { Pod } from '@capstan/kube';
import type { Pass } from '@capstan/runtime';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import { type BrokerPod, brokerPodsOf } from '../brokers/broker-pod.ts';
import { selectorText } from '../children/labels.ts';
import { namesOf } from '../children/names.ts';
import { nextRestart, type Restart, type RolloutSight } from './next-restart.ts';
import { type Cure, cureOf, type LeaderReplacement, type LockOut, lockedOut, wouldSpread } from './stale-leader.ts';

/** What becomes of the brokers' pods in this pass. */
export interface Decision {
  readonly restart: Restart;
  /** A broker that a leader keeps out, and what is done about it. */
  readonly lockOut?: LockOut & { readonly cure: Cure };
}

export interface RolloutOptions {
  /** How long after a leader was replaced the next one may be, in ms. */
  readonly leaderReplacementIntervalMs: number;
}

/** What has to be known besides the pods. */
export interface Circumstances extends RolloutSight {
  /** Why no pod may be restarted although it is outdated, such as a Secret that is missing. */
  readonly hold?: string;
}

/** Decides which pods are replaced. Pure. */
export function decide(
  { status }: StreamBusCluster,
  circumstances: Circumstances,
  { now, leaderReplacementIntervalMs }: RolloutOptions & { readonly now: string },
): Decision {
  const { hold, ...sight } = circumstances;
  const next = nextRestart({ ...sight, now });
  const restart: Restart =
    next.kind === 'Replace' && hold !== undefined ? { kind: 'Wait', on: 'Secrets', why: hold } : next;
  const lockOut = lockedOut({ ...sight, now });
  if (lockOut === undefined) return { restart };
  const cure =
    obstacleTo(lockOut, circumstances) ??
    cureOf(lockOut, status?.leaderReplacement, { now, intervalMs: leaderReplacementIntervalMs });
  return { restart, lockOut: { ...lockOut, cure } };
}

/** Why a leader must not be replaced now, whatever it keeps out: it might not come back, or too few would be left meanwhile. */
function obstacleTo(lockOut: LockOut, { hold, ...sight }: Circumstances): Cure | undefined {
  if (hold !== undefined) return { kind: 'Spared', why: `the leader would not come back: ${hold}` };
  if (wouldSpread(lockOut, sight)) return unproven;
  const { size, pods } = sight;
  const rest = pods.filter(({ name }) => name !== lockOut.stuck.name && name !== lockOut.leader.name);
  const serving = rest.filter(({ isReady, isTerminating }) => isReady && !isTerminating);
  if (serving.length >= size - 2) return undefined;
  return { kind: 'Spared', why: 'another broker is not ready either, and without the leader too few would be left' };
}

const unproven: Cure = {
  kind: 'Spared',
  why: 'no broker has become ready with the present spec yet, and the leader would come back with it',
};

/**
 * The decision once more, on pods as the API server has them: a cache may not have seen yet that a pod has gone, and a second
 * one would go too. Only what would delete a pod is asked for.
 */
export async function confirmed(
  cluster: StreamBusCluster,
  circumstances: Circumstances,
  options: RolloutOptions,
  pass: Pass<StreamBusCluster>,
): Promise<Decision> {
  const terms = { ...options, now: pass.now };
  const first = decide(cluster, circumstances, terms);
  if (pass.isRehearsal || podsToDelete(first).length === 0) return first;
  const live = await pass.list(Pod, { labelSelector: selectorText(cluster) });
  const pods = brokerPodsOf(namesOf(cluster).statefulSet, live).filter(({ ordinal }) => ordinal < circumstances.size);
  return decide(cluster, { ...circumstances, pods }, terms);
}

/** The pods that a decision deletes: a leader that keeps another broker out, or those whose turn it is. Never both. */
export function podsToDelete({ restart, lockOut }: Decision): readonly BrokerPod[] {
  if (lockOut?.cure.kind === 'Replace') return [lockOut.leader];
  return restart.kind === 'Replace' ? restart.pods : [];
}

/** What the status remembers of a leader that is about to be replaced. It is written before the pod is deleted. */
export function replacementOf({ lockOut }: Decision, now: string): LeaderReplacement | undefined {
  if (lockOut?.cure.kind !== 'Replace') return undefined;
  const { leader, stuck } = lockOut;
  return { leader: leader.name, leaderUid: leader.uid, stuckPod: stuck.name, stuckPodUid: stuck.uid, time: now };
}

/** Deletes the pods whose turn it is in a roll-out; their StatefulSet makes them anew. */
export async function restartBrokers(decision: Decision, pass: Pass<StreamBusCluster>): Promise<void> {
  if (decision.lockOut?.cure.kind !== 'Replace') await removePods(podsToDelete(decision), pass);
}

/** Deletes the pod of a leader that keeps another broker out. To be called when the status that remembers it has been written. */
export async function replaceLeader(decision: Decision, pass: Pass<StreamBusCluster>): Promise<void> {
  if (decision.lockOut?.cure.kind === 'Replace') await removePods(podsToDelete(decision), pass);
}

async function removePods(pods: readonly BrokerPod[], pass: Pass<StreamBusCluster>): Promise<void> {
  if (pass.isRehearsal) return;
  for (const { name, uid } of pods) await pass.remove(Pod, { name, uid });
}
