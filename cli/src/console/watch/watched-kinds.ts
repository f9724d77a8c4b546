import { type KubeObject, kindNameOf, PersistentVolumeClaim, Pod, ReplicaSet, type ResourceType } from '@capstan/kube';
import type { Controller } from '@capstan/runtime';

/** A kind that is watched for the trees. */
export interface WatchedKind {
  readonly type: ResourceType;
  /** Whether an operator here looks after it. */
  readonly isCustom: boolean;
  /** Whether no more than names, owners and the like are read: contents never reach the console. */
  readonly metadataOnly: boolean;
}

/** Kinds whose status says how they are. */
const withHealth: ReadonlySet<string> = new Set([
  'StatefulSet.apps',
  'Deployment.apps',
  'DaemonSet.apps',
  'ReplicaSet.apps',
  'Job.batch',
  'Pod',
  'PersistentVolumeClaim',
  'HorizontalPodAutoscaler.autoscaling',
  'PodDisruptionBudget.policy',
  'Ingress.networking.k8s.io',
]);

/** What controllers of Kubernetes make below the children of operators. */
const madeBelow: readonly ResourceType[] = [ReplicaSet, Pod, PersistentVolumeClaim];

/**
 * The kinds that controllers look after and own, and what Kubernetes itself makes below them; each once. Custom resources come
 * first, for what is seen of them first is shown first. Pure.
 */
export function watchedKinds(controllers: readonly Controller[]): readonly WatchedKind[] {
  const custom = controllers.map(({ kind }) => kind);
  const owned = controllers.flatMap(({ owns }) => owns);
  const full = new Set([
    ...withHealth,
    ...owned.filter(({ mode }) => mode === 'full').map(({ type }) => kindNameOf(type)),
  ]);
  const kinds = new Map<string, WatchedKind>();
  for (const type of custom) kinds.set(kindNameOf(type), { type, isCustom: true, metadataOnly: false });
  for (const type of [...owned.map((one) => one.type), ...madeBelow]) {
    const name = kindNameOf(type);
    if (!kinds.has(name)) kinds.set(name, { type, isCustom: false, metadataOnly: !full.has(name) });
  }
  return [...kinds.values()];
}

/** Written by `kubectl apply`: the object once more. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * What is held of an object while it is watched: without `managedFields`, the copy that kubectl keeps, and of a pod without all
 * that its health and its claims do not need. Most pods of a cluster are in no tree.
 */
export function leanObject(object: KubeObject): KubeObject {
  const { managedFields: _managed, annotations = {}, ...metadata } = object.metadata;
  const kept = Object.entries(annotations).filter(([name]) => name !== lastApplied);
  const lean = {
    ...object,
    metadata: { ...metadata, ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }) },
  };
  return isPod(lean) ? leanPod(lean) : lean;
}

function leanPod(pod: Pod): Pod {
  const { containers = [], volumes = [], nodeName } = pod.spec ?? {};
  const claims = volumes.filter(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined);
  const named = containers.map(({ name }) => ({ name }));
  return { ...pod, spec: { containers: named, volumes: claims, ...(nodeName !== undefined && { nodeName }) } };
}

function isPod(object: KubeObject): object is Pod {
  return object.kind === 'Pod' && object.apiVersion === 'v1';
}
