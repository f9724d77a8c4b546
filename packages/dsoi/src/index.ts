export { nodeConfig } from './children/node-config.ts';
export { type NodeContext, nodeLabels, nodeObjectName, nodeSelectorLabels } from './children/node-context.ts';
export { nodePod } from './children/node-pod.ts';
export { nodeServices } from './children/node-service.ts';
export { nodeWorkload } from './children/node-workload.ts';
export type { AppConfigGroup, ClusterShape, K8sConfigGroup, NodeSpec } from './cluster-shape.ts';
export { inDeploymentOrder } from './deployment-order.ts';
export {
  type ClusterNode,
  type ResolvedNodes,
  type ResolveOptions,
  resolveNodes,
  type ShapeProblem,
} from './resolve-nodes.ts';
export { crashingPods } from './rollout/crashing-pods.ts';
export { type OrderedPlanOptions, orderedPlan } from './rollout/ordered-plan.ts';
export type { RolloutNode } from './rollout/rollout-node.ts';
export { sightNodes } from './rollout/sight-nodes.ts';
export { advanceUpgrade, type NodeSighting, type UpgradeProgress, type UpgradeStep } from './rollout/upgrade.ts';
export { type NodeProgress, type NodeState, type UpgradeStatus, upgradeStatus } from './rollout/upgrade-status.ts';
export { appConfigGroups } from './schema/app-config-groups.ts';
export { deploymentOrder } from './schema/deployment-order.ts';
export { externalDependency } from './schema/external.ts';
export { k8sConfigGroups } from './schema/k8s-config-groups.ts';
export { nodes } from './schema/nodes.ts';
