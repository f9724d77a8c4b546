import type { Container } from '@capstan/kube';
import { configHash, type PodOptions } from '@capstan/resources';
import type { ClusterNode } from '../resolve-nodes.ts';
import { type NodeContext, nodeLabels, nodeObjectName } from './node-context.ts';

const configVolume = 'dsoi-config';
/** Changes with the files of a node and with nothing else, and so makes its pods read the new ones. */
const configHashAnnotation = 'dsoi.capstan.dev/config-hash';

/** The pods of one node. What the user gives never replaces a label of the operator or loosens the pods' security. */
export function nodePod<S>(context: NodeContext<S>, node: ClusterNode<S>): PodOptions {
  const { serviceAccountName, imagePullSecrets, nodeSelector, tolerations, affinity, volumes = [] } = node.k8s;
  const { podMetadata = {} } = node.k8s;
  return {
    runAs: context.identity,
    labels: { ...podMetadata.labels, ...nodeLabels(context, node) },
    annotations: { ...podMetadata.annotations, [configHashAnnotation]: configHash(context.configFiles(node)) },
    ...(serviceAccountName !== undefined && { serviceAccountName }),
    ...(imagePullSecrets !== undefined && { imagePullSecrets }),
    ...(nodeSelector !== undefined && { nodeSelector }),
    ...(tolerations !== undefined && { tolerations }),
    ...(affinity !== undefined && { affinity }),
    containers: [container(context, node)],
    volumes: [...volumes, { name: configVolume, configMap: { name: nodeObjectName(context, node) } }],
  };
}

function container<S>(context: NodeContext<S>, node: ClusterNode<S>): Container {
  const { image, imagePullPolicy, resources, env, port, livenessProbe, readinessProbe } = node.k8s;
  const { volumeMount = [], storageConfig = [] } = node.k8s;
  const command = context.command?.(node);
  return {
    name: context.application,
    image,
    ...(command !== undefined && { command }),
    ...(imagePullPolicy !== undefined && { imagePullPolicy }),
    ...(resources !== undefined && { resources }),
    ...(env !== undefined && { env }),
    ...(port !== undefined && { ports: [{ name: 'app', containerPort: port, protocol: 'TCP' }] }),
    ...(livenessProbe !== undefined && { livenessProbe }),
    ...(readinessProbe !== undefined && { readinessProbe }),
    volumeMounts: [
      ...volumeMount,
      ...storageConfig.map(({ name, mountPath }) => ({ name, mountPath })),
      { name: configVolume, mountPath: context.configPath, readOnly: true },
    ],
  };
}
