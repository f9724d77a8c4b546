import type { Volume } from '@capstan/kube';
import type { Labels, PodOptions } from '@capstan/resources';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { selectorLabels } from '../labels.ts';
import { type ContainerOptions, type ContainerOverrides, componentContainer } from './component-container.ts';
import { type Placement, placementOf } from './placement.ts';

/** What a resource may say of the pods of a component. */
export type PodOverrides = ContainerOverrides &
  Placement &
  Pick<PrismCluster['spec']['proxy'], 'pullSecrets' | 'podAnnotations' | 'podLabels'>;

export interface ComponentPodOptions extends Omit<ContainerOptions, 'name'> {
  /** The requirement's name of the component, as its label has it; its container bears it too. */
  readonly component: string;
  readonly overrides: PodOverrides;
  /** Annotations besides those of the resource, which never replace them. */
  readonly annotations?: Labels;
  readonly volumes?: readonly Volume[];
}

/** The pod of a component. What a process may do is not in the profile's hands: every pod is a restricted one. */
export function componentPod(cluster: PrismCluster, options: ComponentPodOptions): PodOptions {
  const { component, profile, overrides, volumes = [] } = options;
  const { pullSecrets, podLabels, podAnnotations } = overrides;
  const { graceSeconds, sharesProcesses } = profile.stop;
  const annotations = { ...podAnnotations, ...options.annotations };
  return {
    ...(podLabels !== undefined && { labels: podLabels }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
    runAs: profile.runAs,
    ...(graceSeconds !== undefined && { terminationGracePeriodSeconds: graceSeconds }),
    ...(sharesProcesses !== undefined && { shareProcessNamespace: sharesProcesses }),
    ...(pullSecrets !== undefined && { imagePullSecrets: pullSecrets.map((name) => ({ name })) }),
    ...placementOf(overrides, selectorLabels(cluster, component)),
    containers: [componentContainer(cluster, { ...options, name: component })],
    ...(volumes.length > 0 && { volumes }),
  };
}
