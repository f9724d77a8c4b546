import type { Deployment, Draft, Embedded, PersistentVolumeClaim, StatefulSet } from '@capstan/kube';
import { deployment, statefulSet } from '@capstan/resources';
import type { ClusterNode } from '../resolve-nodes.ts';
import { type NodeContext, nodeLabels, nodeObjectName, nodeSelectorLabels } from './node-context.ts';
import { nodePod } from './node-pod.ts';

/**
 * The workload of one node: a StatefulSet, or a Deployment where the resource says so.
 * @throws {InvalidChildError} of `@capstan/resources`, when its group would loosen the security of its pods
 */
export function nodeWorkload<S>(context: NodeContext<S>, node: ClusterNode<S>): Draft<StatefulSet> | Draft<Deployment> {
  const name = nodeObjectName(context, node);
  const metadata = { name, labels: nodeLabels(context, node) };
  const { replicas } = node;
  const shared = { replicas, selector: nodeSelectorLabels(context, node), pod: nodePod(context, node) };
  if (node.kind === 'Deployment') return deployment(metadata, shared);
  return statefulSet(metadata, {
    ...shared,
    serviceName: name,
    podManagementPolicy: 'Parallel',
    updateStrategy: { type: 'RollingUpdate' },
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    volumeClaimTemplates: claims(node),
  });
}

function claims<S>({ k8s: { storageConfig = [] } }: ClusterNode<S>): readonly Embedded<PersistentVolumeClaim>[] {
  return storageConfig.map(({ name, spec }) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name },
    spec: { accessModes: ['ReadWriteOnce'], ...spec },
  }));
}
