import type { ValueOf } from '@capstan/crd';
import type { k8sConfigGroups } from './schema/k8s-config-groups.ts';
import type { nodes } from './schema/nodes.ts';

/** One node as its resource says: one workload of one type. */
export type NodeSpec = ValueOf<ReturnType<typeof nodes>>[number];

/** How pods run. */
export type K8sConfigGroup = ValueOf<ReturnType<typeof k8sConfigGroups>>[number];

/** What the application reads at its start. */
export interface AppConfigGroup<Settings> {
  readonly name: string;
  readonly settings: Settings;
}

/** The part of a spec that says which nodes there are; `appConfigGroup` holds what the spec calls `<app>ConfigGroup`. */
export interface ClusterShape<Settings> {
  readonly nodes: readonly NodeSpec[];
  readonly k8sConfigGroup: readonly K8sConfigGroup[];
  readonly appConfigGroup: readonly AppConfigGroup<Settings>[];
  readonly deploymentOrder?: readonly string[];
}
