export type { ConditionType, Reason } from './api/v1alpha1/conditions.ts';
export type { Phase } from './api/v1alpha1/status.ts';
export type { StreamBusClusterSpec, StreamBusClusterStatus } from './api/v1alpha1/stream-bus-cluster.ts';
export { StreamBusCluster } from './api/v1alpha1/stream-bus-cluster.ts';
export type { StreamBusControllerOptions } from './controller.ts';
export { streamBusClusters, streamBusController } from './controller.ts';
export { streamBusRivals } from './rivals.ts';
export { streamBusUndone } from './undone.ts';
