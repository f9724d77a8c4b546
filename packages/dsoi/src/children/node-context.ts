import type { Labels } from '@capstan/resources';
import type { ClusterNode } from '../resolve-nodes.ts';

/** What a node's children need besides the node: the cluster they belong to, and what is the application's own. */
export interface NodeContext<Settings> {
  /** Of the cluster. */
  readonly clusterName: string;
  /** `app.kubernetes.io/name` of everything, such as `druid`. */
  readonly application: string;
  /** Numeric user and group of the image; never root. */
  readonly identity: { readonly uid: number; readonly gid: number };
  /** The files that the application reads at its start, by name; mounted at `configPath`. */
  readonly configFiles: (node: ClusterNode<Settings>) => Readonly<Record<string, string>>;
  /** Directory in the container. */
  readonly configPath: string;
  readonly command?: (node: ClusterNode<Settings>) => readonly string[];
}

/** `<cluster>-<node>`: the workload, its ConfigMap and its Service. */
export function nodeObjectName(
  { clusterName }: { readonly clusterName: string },
  { name }: { readonly name: string },
): string {
  return `${clusterName}-${name}`;
}

/** What selects the pods of one node and of no other: a selector by cluster alone would take the pods of its siblings. */
export function nodeSelectorLabels<S>(context: NodeContext<S>, node: ClusterNode<S>): Labels {
  return {
    'app.kubernetes.io/name': context.application,
    'app.kubernetes.io/instance': context.clusterName,
    'app.kubernetes.io/component': node.name,
  };
}

/** All labels of a node's objects. */
export function nodeLabels<S>(context: NodeContext<S>, node: ClusterNode<S>): Labels {
  return { ...nodeSelectorLabels(context, node), 'dsoi.capstan.dev/node-type': node.nodeType };
}
