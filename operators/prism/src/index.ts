export type { ConditionType, Reason } from './api/v1alpha1/conditions.ts';
export type { PrismClusterSpec, PrismClusterStatus } from './api/v1alpha1/prism-cluster.ts';
export { PrismCluster } from './api/v1alpha1/prism-cluster.ts';
export type { Phase } from './api/v1alpha1/status.ts';
export type { PrismControllerOptions } from './controller.ts';
export { prismClusters, prismController } from './controller.ts';
