import { createHash } from 'node:crypto';
import type { ConfigMap, Draft } from '@capstan/kube';
import { configMap } from '@capstan/resources';
import type { ClusterNode } from '../resolve-nodes.ts';
import { type NodeContext, nodeLabels, nodeObjectName } from './node-context.ts';

/** The settings of one node as files. Each node has its own, so that a node's pods never meet settings before its turn. */
export function nodeConfig<S>(context: NodeContext<S>, node: ClusterNode<S>): Draft<ConfigMap> {
  const metadata = { name: nodeObjectName(context, node), labels: nodeLabels(context, node) };
  return configMap(metadata, { ...context.configFiles(node) });
}

/** Changes with the files and with nothing else: as an annotation of the pods it makes them read the new ones. */
export function nodeConfigHash<S>(context: NodeContext<S>, node: ClusterNode<S>): string {
  const files = Object.entries(context.configFiles(node)).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
}
