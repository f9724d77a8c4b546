export type { ConditionType, Reason } from './api/v1alpha1/conditions.ts';
export type { DruidIngestionSpec, DruidIngestionStatus } from './api/v1alpha1/druid-ingestion.ts';
export { DruidIngestion } from './api/v1alpha1/druid-ingestion.ts';
export type { DruidControllerOptions } from './controller.ts';
export { druidController, druidIngestions } from './controller.ts';
export type * from './druid/druid-api.ts';
export { druidClients } from './druid/druid-client.ts';
export type { DruidConnection } from './druid/druid-connection.ts';
export { druidRivals } from './rivals.ts';
