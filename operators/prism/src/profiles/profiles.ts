import type { PrismCluster, PrismPattern } from '../api/v1alpha1/prism-cluster.ts';
import type { ComponentProfile, RunnerProfile, ServedPort } from './component-profile.ts';
import { memo035 } from './memo035/memo035.ts';
import type { Profile } from './profile.ts';
import { upstream } from './upstream/upstream.ts';

const profiles: Readonly<Record<PrismCluster['spec']['profile'], Profile>> = { upstream, memo035 };

/** The profile that a cluster names. */
export function profileOf({ spec: { profile } }: PrismCluster): Profile {
  return profiles[profile];
}

/** How one prism-admin runs, by itself or as one of several members. */
export function adminProfile(
  cluster: PrismCluster,
  members: number,
): ComponentProfile & { readonly serves: ServedPort } {
  const { single, member } = profileOf(cluster).admin;
  return members > 1 ? member : single;
}

/** Whether prism-admin can be told of namespaces: not every profile gives it a gRPC port. */
export function hasControlPlane(cluster: PrismCluster, members: number): boolean {
  return adminProfile(cluster, members).serves.name === 'grpc';
}

/** Which runner a pattern is: its `runner`, or its name. */
export function runnerOf({ name, runner }: PrismPattern): string {
  return runner ?? name;
}

/** Whether the profile of the cluster has the runner of a pattern. */
export function isKnownRunner(pattern: PrismPattern, profile: Profile): boolean {
  return Object.hasOwn(profile.runners, runnerOf(pattern));
}

/** How the runner of a pattern runs; one that the profile does not have gets what is known of any. */
export function runnerProfile(pattern: PrismPattern, profile: Profile): RunnerProfile {
  const known = isKnownRunner(pattern, profile) ? profile.runners[runnerOf(pattern)] : undefined;
  return known ?? { ...profile.otherRunner, image: runnerImage(runnerOf(pattern)) };
}

/** The image of a runner that nobody has named one for; nothing publishes it, so it is one that was built by hand. */
function runnerImage(runner: string): string {
  return `${runner}-runner:latest`;
}
