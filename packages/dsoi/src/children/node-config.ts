import type { ConfigMap, Draft } from '@capstan/kube';
import { configMap } from '@capstan/resources';
import type { ClusterNode } from '../resolve-nodes.ts';
import { type NodeContext, nodeLabels, nodeObjectName } from './node-context.ts';

/** The settings of one node as files. Each node has its own, so that a node's pods never meet settings before its turn. */
export function nodeConfig<S>(context: NodeContext<S>, node: ClusterNode<S>): Draft<ConfigMap> {
  const metadata = { name: nodeObjectName(context, node), labels: nodeLabels(context, node) };
  return configMap(metadata, { ...context.configFiles(node) });
}
