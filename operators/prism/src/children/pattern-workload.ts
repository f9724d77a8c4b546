import type { Draft, PersistentVolumeClaim, Service } from '@capstan/kube';
import {
  type ChildMetadata,
  claimTemplate,
  deployment,
  type Labels,
  type PodOptions,
  persistentVolumeClaim,
  service,
  statefulSet,
} from '@capstan/resources';
import { type Child, child, type StepObject } from '@capstan/runtime';
import type { PrismCluster, PrismPattern } from '../api/v1alpha1/prism-cluster.ts';
import { childMetadata, selectorLabels } from '../labels.ts';
import { patternName, patternServiceName, runnerName } from '../names.ts';
import { servedPortName } from '../profiles/component-container.ts';
import type { RunnerProfile } from '../profiles/component-profile.ts';
import { adoptedClaim, deploymentClaimName, patternClaim } from './pattern-pod.ts';

/**
 * Seconds that a pod must have run before it counts as available. Nothing can probe a runner, and one that cannot reach its
 * backend ends within a few seconds: without this, each of its starts would look like success.
 */
const minReadySeconds = 15;

/** Kubernetes' own numbers, but said: those that it fills in itself would stay, and be refused, beside another strategy. */
const rolling = { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } } as const;

function metadataOf(cluster: PrismCluster, { name }: PrismPattern, objectName = patternName(cluster, name)) {
  return childMetadata(cluster, objectName, runnerName(name), 'pattern');
}

export interface PatternWorkloadOptions {
  readonly pod: PodOptions;
  /** Of the workload, not of its pods: a change restarts none. */
  readonly annotations: Labels;
}

/** The Deployment or StatefulSet that runs a pattern. */
export function patternWorkload(
  cluster: PrismCluster,
  pattern: PrismPattern,
  { pod, annotations }: PatternWorkloadOptions,
): StepObject {
  const metadata = { ...metadataOf(cluster, pattern), ...(Object.keys(annotations).length > 0 && { annotations }) };
  return pattern.type === 'StatefulSet'
    ? patternStatefulSet(cluster, pattern, metadata, pod)
    : patternDeployment(cluster, pattern, metadata, pod);
}

function patternDeployment(
  cluster: PrismCluster,
  pattern: PrismPattern,
  metadata: ChildMetadata,
  pod: PodOptions,
): StepObject {
  return deployment(metadata, {
    replicas: pattern.replicas,
    minReadySeconds,
    // The next pod may be on another node, where the volume cannot be as long as the former one has it.
    strategy: isShared(cluster, pattern) ? { type: 'Recreate' } : rolling,
    selector: selectorLabels(cluster, runnerName(pattern.name)),
    pod,
  });
}

/** Whether the next pod needs the volume of the one before. */
function isShared(cluster: PrismCluster, { name, storage }: PrismPattern): boolean {
  return storage !== undefined || adoptedClaim(cluster, name) !== undefined;
}

function patternStatefulSet(
  cluster: PrismCluster,
  pattern: PrismPattern,
  metadata: ChildMetadata,
  pod: PodOptions,
): Child {
  const { replicas, storage, name } = pattern;
  const set = statefulSet(metadata, {
    serviceName: patternServiceName(cluster, name),
    replicas,
    minReadySeconds,
    // Runners do not know each other; and in order, one that never becomes ready would keep its own correction waiting.
    podManagementPolicy: 'Parallel',
    persistentVolumeClaimRetentionPolicy: { whenDeleted: cluster.spec.deletionPolicy, whenScaled: 'Retain' },
    selector: selectorLabels(cluster, runnerName(name)),
    pod,
    ...(storage !== undefined && {
      volumeClaimTemplates: [claimTemplate({ name: patternClaim, ...claimOf(storage) })],
    }),
  });
  return child(set, { onImmutable: 'orphanAndRecreate', growClaims: true });
}

/** The volume of a Deployment that asks for one. */
export function patternVolumeClaim(cluster: PrismCluster, pattern: PrismPattern): Child | undefined {
  const { storage, type, name } = pattern;
  if (storage === undefined || type === 'StatefulSet' || adoptedClaim(cluster, name) !== undefined) return undefined;
  const metadata = metadataOf(cluster, pattern, deploymentClaimName(cluster, pattern));
  const claim: Draft<PersistentVolumeClaim> = persistentVolumeClaim(metadata, claimOf(storage));
  return child(claim, { retain: cluster.spec.deletionPolicy === 'Retain' });
}

function claimOf({ size, storageClassName }: PrismPattern['storage'] & {}) {
  return { storage: size, ...(storageClassName !== undefined && { storageClassName }) };
}

/**
 * The name of a pattern in DNS: where it listens on a port that is known, where it may listen on one that is not, and where a
 * StatefulSet needs it for the names of its pods. Without an address of its own, so that all three are one and the same
 * Service, which never has to be made anew.
 */
export function patternService(
  cluster: PrismCluster,
  pattern: PrismPattern,
  { serves, mayListen }: RunnerProfile,
): Draft<Service> | undefined {
  const port = pattern.port ?? serves?.port;
  if (port === undefined && mayListen !== true && pattern.type !== 'StatefulSet') return undefined;
  const name = serves?.name ?? servedPortName;
  return service(metadataOf(cluster, pattern, patternServiceName(cluster, pattern.name)), {
    clusterIP: 'None',
    selector: selectorLabels(cluster, runnerName(pattern.name)),
    ...(port !== undefined && { ports: [{ name, port, targetPort: name }] }),
  });
}
