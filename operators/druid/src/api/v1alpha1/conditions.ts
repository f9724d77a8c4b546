/** The conditions of a DruidIngestion; the runtime adds `Paused`, `DeletionBlocked` and `DriftContested` where they apply. */
export type ConditionType =
  /** Druid has the spec and carries it out; of a task: it has succeeded. */
  | 'Ready'
  /** Work is under way, or a call is tried again (kstatus). */
  | 'Reconciling'
  /** Nothing more will happen until a person acts (kstatus). */
  | 'Stalled'
  /** Druid has what the spec says: the ingestion, rules, compaction, lookups and dynamic configuration. */
  | 'Synced'
  /** It is suspended, as the spec says. */
  | 'Suspended'
  /** Druid says that it is well. */
  | 'Healthy'
  /** Druid knows the credentials, and they may do what is needed. */
  | 'CredentialsValid'
  /** Druid answers. */
  | 'Reachable';

/** Why a condition is as it is; one word for machines. */
export type Reason =
  | 'Running'
  | 'SuspendedAsAsked'
  | 'Starting'
  | 'Succeeded'
  | 'TaskRunning'
  | 'TaskFailed'
  | 'Unhealthy'
  | 'UpToDate'
  | 'SpecRejected'
  | 'RolledBack'
  | 'RulesRejected'
  | 'CompactionRejected'
  | 'LookupRejected'
  | 'LookupNotOurs'
  | 'DynamicConfigRejected'
  | 'SubmissionUnknown'
  | 'EndRefused'
  | 'DruidUnreachable'
  | 'RouterNotFound'
  | 'CredentialsRejected'
  | 'PermissionDenied'
  | 'SecretMissing'
  | 'SecretInvalid'
  | 'SpecMissing'
  | 'SpecInvalid'
  | 'SpecUnsafe'
  | 'TypeUnsupported'
  | 'EndpointNotAllowed'
  | 'EndpointChanged'
  | 'SecretNotOwn'
  | 'OwnedByAnother'
  | 'NotOurs'
  | 'Pending'
  | 'Unknown'
  | 'Answers'
  | 'Accepted'
  | 'NotAsked'
  | 'Healthy';
