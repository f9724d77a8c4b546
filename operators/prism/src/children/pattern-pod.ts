import type { EnvVar, Volume, VolumeMount } from '@capstan/kube';
import type { Labels, PodOptions } from '@capstan/resources';
import { adoptedWorkload } from '../adoption/adopted-workload.ts';
import type { PrismCluster, PrismPattern } from '../api/v1alpha1/prism-cluster.ts';
import { ownName, patternConfigName, runnerName } from '../names.ts';
import { componentPod } from '../profiles/component-pod.ts';
import { configDirectory, dataDirectory, type RunnerProfile } from '../profiles/component-profile.ts';

/** The volume with the files of a runner. */
export const patternClaim = 'data';

/** The root of every pod is read-only, and what a program does with more than this is no scratch any more: its pod is evicted. */
const scratch: Volume = { name: 'tmp', emptyDir: { sizeLimit: '128Mi' } };

/** The claim of the one volume that the pod of a Deployment has: one that is taken over with it, or its own. */
export function deploymentClaimName(cluster: PrismCluster, { name }: Pick<PrismPattern, 'name'>): string {
  return adoptedClaim(cluster, name) ?? `${ownName(cluster, runnerName(name))}-data`;
}

/** The claim of somebody else that the pods of a pattern use; it is never touched. */
export function adoptedClaim(cluster: PrismCluster, pattern: string): string | undefined {
  return adoptedWorkload(cluster, runnerName(pattern))?.claim;
}

export interface PatternPodOptions {
  readonly profile: RunnerProfile;
  readonly env: readonly EnvVar[];
  readonly annotations: Labels;
}

/** The pod of a pattern. */
export function patternPod(cluster: PrismCluster, pattern: PrismPattern, options: PatternPodOptions): PodOptions {
  const { profile } = options;
  return componentPod(cluster, {
    component: runnerName(pattern.name),
    overrides: pattern,
    volumeMounts: mountsOf(cluster, pattern, profile),
    volumes: volumesOf(cluster, pattern, profile),
    ...options,
  });
}

/** Whether a pattern keeps files: on a volume of its own where it has one, or for as long as the pod lives. */
function hasData(cluster: PrismCluster, pattern: PrismPattern, { needsData }: RunnerProfile): boolean {
  return hasVolume(cluster, pattern) || needsData === true || pattern.backends.includes('sqlite');
}

function hasVolume(cluster: PrismCluster, { name, storage }: PrismPattern): boolean {
  return storage !== undefined || adoptedClaim(cluster, name) !== undefined;
}

function mountsOf(cluster: PrismCluster, pattern: PrismPattern, profile: RunnerProfile): readonly VolumeMount[] {
  return [
    ...(profile.configuration === undefined ? [] : [{ name: 'config', mountPath: configDirectory, readOnly: true }]),
    ...(hasData(cluster, pattern, profile) ? [{ name: patternClaim, mountPath: dataDirectory }] : []),
    { name: scratch.name, mountPath: '/tmp' },
  ];
}

function volumesOf(cluster: PrismCluster, pattern: PrismPattern, profile: RunnerProfile): readonly Volume[] {
  const { configuration } = profile;
  const data = dataVolume(cluster, pattern, profile);
  return [
    ...(configuration === undefined
      ? []
      : [{ name: 'config', secret: configSecret(cluster, pattern, configuration.file) }]),
    ...(data === undefined ? [] : [data]),
    scratch,
  ];
}

/** The file alone: the Secret has variables too, which are no business of the file system. */
function configSecret(cluster: PrismCluster, { name }: PrismPattern, file: string) {
  return { secretName: patternConfigName(cluster, name), items: [{ key: file, path: file }] };
}

/** A StatefulSet brings the volume of each pod along. */
function dataVolume(cluster: PrismCluster, pattern: PrismPattern, profile: RunnerProfile): Volume | undefined {
  if (!hasData(cluster, pattern, profile)) return undefined;
  if (!hasVolume(cluster, pattern)) return { name: patternClaim, emptyDir: {} };
  if (pattern.type === 'StatefulSet') return undefined;
  return { name: patternClaim, persistentVolumeClaim: { claimName: deploymentClaimName(cluster, pattern) } };
}
