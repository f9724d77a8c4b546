import type { AppConfigGroup, ClusterShape, K8sConfigGroup, NodeSpec } from './cluster-shape.ts';
import { inDeploymentOrder, unknownOrderEntries } from './deployment-order.ts';

/** A node with the groups it names. */
export interface ClusterNode<Settings> {
  readonly name: string;
  readonly kind: 'StatefulSet' | 'Deployment';
  readonly nodeType: string;
  readonly replicas: number;
  readonly k8s: K8sConfigGroup;
  readonly settings: Settings;
}

/** What a user must mend before the cluster can be made. */
export interface ShapeProblem {
  /** `spec.nodes[2].k8sConfigGroup`. */
  readonly field: string;
  readonly message: string;
}

export type ResolvedNodes<Settings> =
  | { readonly nodes: readonly ClusterNode<Settings>[] }
  | { readonly problems: readonly ShapeProblem[] };

/** What the resource calls its list of application settings. */
export interface ResolveOptions {
  /** Such as `druidConfigGroup`; for messages. */
  readonly appConfigField: string;
}

/**
 * The nodes of a cluster with the groups they name, in the order in which changes are rolled out; or every problem with
 * them, each with its field path. Pure.
 *
 * @example
 * ```ts
 * const resolved = resolveNodes(shape, { appConfigField: 'druidConfigGroup' });
 * if ('problems' in resolved) throw new TerminalError('InvalidNodes', resolved.problems.map(({ field, message }) => `${field}: ${message}`).join('; '));
 * ```
 */
export function resolveNodes<Settings>(
  shape: ClusterShape<Settings>,
  { appConfigField }: ResolveOptions,
): ResolvedNodes<Settings> {
  const k8sGroups = byName(shape.k8sConfigGroup);
  const appGroups = byName(shape.appConfigGroup);
  const problems: ShapeProblem[] = [...unknownOrderEntries(shape)];
  const nodes: ClusterNode<Settings>[] = [];
  for (const [index, node] of shape.nodes.entries()) {
    const k8s = k8sGroups.get(node.k8sConfigGroup);
    const app = appGroups.get(node.appConfigGroup);
    if (k8s === undefined) problems.push(unknownGroup(index, 'k8sConfigGroup', node, 'k8sConfigGroup', k8sGroups));
    if (app === undefined) problems.push(unknownGroup(index, 'appConfigGroup', node, appConfigField, appGroups));
    if (k8s !== undefined && app !== undefined) nodes.push(resolved(node, k8s, app));
    problems.push(...storageProblems(index, node, k8s));
  }
  return problems.length > 0 ? { problems } : { nodes: inDeploymentOrder(nodes, shape.deploymentOrder) };
}

function resolved<Settings>(
  { name, kind, nodeType, replicas }: NodeSpec,
  k8s: K8sConfigGroup,
  { settings }: AppConfigGroup<Settings>,
): ClusterNode<Settings> {
  return { name, kind: kind === 'Deployment' ? 'Deployment' : 'StatefulSet', nodeType, replicas, k8s, settings };
}

function byName<G extends { readonly name: string }>(groups: readonly G[]): ReadonlyMap<string, G> {
  return new Map(groups.map((group) => [group.name, group]));
}

function unknownGroup(
  index: number,
  reference: 'k8sConfigGroup' | 'appConfigGroup',
  node: NodeSpec,
  list: string,
  groups: ReadonlyMap<string, unknown>,
): ShapeProblem {
  const known = [...groups.keys()].join(', ') || 'none';
  return {
    field: `spec.nodes[${index}].${reference}`,
    message: `node "${node.name}" names the group "${node[reference]}", which is not in spec.${list}; there are: ${known}`,
  };
}

/** The pods of a Deployment share their claims, and most volumes can be mounted once. */
function storageProblems(index: number, node: NodeSpec, k8s: K8sConfigGroup | undefined): readonly ShapeProblem[] {
  if (node.kind !== 'Deployment' || (k8s?.storageConfig ?? []).length === 0) return [];
  const message = `node "${node.name}" is a Deployment, whose pods have no volumes of their own; use kind StatefulSet, or a group without storageConfig`;
  return [{ field: `spec.nodes[${index}].kind`, message }];
}
