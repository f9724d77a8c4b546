import type { OperationName } from './api/v1alpha1/operations.ts';

/** What the operator does in Druid, in the words of its events. */
const deedNames = [
  ...['Submitted', 'Updated', 'Suspended', 'Resumed', 'Repaired', 'RolledBack', 'Replaced'],
  ...['Terminated', 'Stopped', 'Removed', 'Restored'],
  ...['OperationDone', 'OperationFailed', 'OperationUnknown'],
] as const;

/** Name of something that was done in Druid. */
export type DeedName = (typeof deedNames)[number];

/** Something that was done in Druid; `operation`: which of those that are done once. */
export interface Deed {
  readonly deed: DeedName;
  readonly operation?: OperationName;
}

/** Whether the reason of an event names something that was done. */
export function isDeedName(reason: string): reason is DeedName {
  return (deedNames as readonly string[]).includes(reason);
}
