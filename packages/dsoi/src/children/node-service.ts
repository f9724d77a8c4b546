import type { Draft, Service } from '@capstan/kube';
import { headlessService, service } from '@capstan/resources';
import type { ClusterNode } from '../resolve-nodes.ts';
import { type NodeContext, nodeLabels, nodeObjectName, nodeSelectorLabels } from './node-context.ts';

/** The Services of one node: what its pods are found by, and a front where its group asks for one. */
export function nodeServices<S>(context: NodeContext<S>, node: ClusterNode<S>): readonly Draft<Service>[] {
  const name = nodeObjectName(context, node);
  const labels = nodeLabels(context, node);
  const selector = nodeSelectorLabels(context, node);
  const { port, service: front } = node.k8s;
  const ports = port === undefined ? [] : [{ name: 'app', port, protocol: 'TCP' as const }];
  const governing = node.kind === 'StatefulSet' ? [headlessService({ name, labels }, { selector, ports })] : [];
  if (front === undefined) return governing;
  const { type = 'ClusterIP', ports: frontPorts } = front;
  return [...governing, service({ name: `${name}-front`, labels }, { type, selector, ports: frontPorts })];
}
