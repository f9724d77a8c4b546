import type { EnvVar, Volume } from '@capstan/kube';
import type { PodOptions } from '@capstan/resources';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { componentPod } from '../profiles/component-pod.ts';
import { dataDirectory } from '../profiles/component-profile.ts';
import { adminProfile } from '../profiles/profiles.ts';

/** The requirement's name of the control plane. */
export const adminComponent = 'prism-admin';

export interface AdminPodOptions {
  readonly members: number;
  /** The name of the volume with its state. */
  readonly dataVolume: string;
  readonly env?: readonly EnvVar[];
  /** The volumes besides those that a StatefulSet gives each pod. */
  readonly volumes?: readonly Volume[];
}

/** The pod of one prism-admin. */
export function adminPod(cluster: PrismCluster, { members, dataVolume, ...options }: AdminPodOptions): PodOptions {
  return componentPod(cluster, {
    component: adminComponent,
    profile: adminProfile(cluster, members),
    overrides: cluster.spec.admin,
    volumeMounts: [{ name: dataVolume, mountPath: dataDirectory }],
    ...options,
  });
}
