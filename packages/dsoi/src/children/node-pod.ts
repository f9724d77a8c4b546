import type { Container, PodSpec, PodTemplateSpec } from '@capstan/kube';
import { restrictedContainer, restrictedPod } from '@capstan/resources';
import type { ClusterNode } from '../resolve-nodes.ts';
import { nodeConfigHash } from './node-config.ts';
import { type NodeContext, nodeLabels, nodeObjectName } from './node-context.ts';

const configVolume = 'dsoi-config';
const configHashAnnotation = 'dsoi.capstan.dev/config-hash';

/** The pods of one node. What the user gives never replaces a label of the operator or loosens the pods' security. */
export function nodePod<S>(context: NodeContext<S>, node: ClusterNode<S>): PodTemplateSpec {
  const { podMetadata = {} } = node.k8s;
  return {
    metadata: {
      labels: { ...podMetadata.labels, ...nodeLabels(context, node) },
      annotations: { ...podMetadata.annotations, [configHashAnnotation]: nodeConfigHash(context, node) },
    },
    spec: podSpec(context, node),
  };
}

function podSpec<S>(context: NodeContext<S>, node: ClusterNode<S>): PodSpec {
  const { serviceAccountName, imagePullSecrets, nodeSelector, tolerations, affinity, volumes = [] } = node.k8s;
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: restrictedPod(context.identity),
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
    securityContext: restrictedContainer,
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
