import type { Deployment, Draft, Embedded, PersistentVolumeClaim, StatefulSet } from '@capstan/kube';
import type { ClusterNode } from '../resolve-nodes.ts';
import { type NodeContext, nodeLabels, nodeObjectName, nodeSelectorLabels } from './node-context.ts';
import { nodePod } from './node-pod.ts';

/** The workload of one node: a StatefulSet, or a Deployment where the resource says so. */
export function nodeWorkload<S>(context: NodeContext<S>, node: ClusterNode<S>): Draft<StatefulSet> | Draft<Deployment> {
  const metadata = { name: nodeObjectName(context, node), labels: nodeLabels(context, node) };
  const selector = { matchLabels: nodeSelectorLabels(context, node) };
  const template = nodePod(context, node);
  const { replicas } = node;
  if (node.kind === 'Deployment')
    return { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas, selector, template } };
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata,
    spec: {
      replicas,
      selector,
      template,
      serviceName: nodeObjectName(context, node),
      podManagementPolicy: 'Parallel',
      updateStrategy: { type: 'RollingUpdate' },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      volumeClaimTemplates: claims(node),
    },
  };
}

function claims<S>({ k8s: { storageConfig = [] } }: ClusterNode<S>): readonly Embedded<PersistentVolumeClaim>[] {
  return storageConfig.map(({ name, spec }) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name },
    spec: { accessModes: ['ReadWriteOnce'], ...spec },
  }));
}
