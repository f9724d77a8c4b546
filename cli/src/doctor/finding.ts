/** How bad it is: `problem` stops an install or an upgrade, or what runs; `warning` may; `note` is to be known; `ok` was looked at and is fine. */
export type Level = 'ok' | 'note' | 'warning' | 'problem';

/** What is looked at, in the order of the report. */
export const checkNames = [
  'api-server',
  'definitions',
  'storage',
  'pod-security',
  'webhooks',
  'other-operators',
  'permissions',
  'resources',
  'stuck',
  'optional-kinds',
  'nodes',
] as const;

export type CheckName = (typeof checkNames)[number];

/** What one check sees in one place. */
export interface Observation {
  readonly level: Level;
  /** Such as `StorageClass fast` or `PrismCluster shop/main`. */
  readonly where: string;
  readonly says: string;
  /** What to do: a command where there is one. */
  readonly remedy?: string;
}

/** An observation, and the check that made it. */
export interface Finding extends Observation {
  readonly check: CheckName;
}
