/** The conditions of a StreamBusCluster; the runtime adds `Paused` and `DriftContested` where they apply. */
export type ConditionType =
  /** All brokers run as the spec says, accept clients, and all that was asked is in force. */
  | 'Ready'
  /** The spec was judged sound; `False` carries the first refusal, and no child was touched for it. */
  | 'Accepted'
  /** All brokers were ready together at least once: a raft quorum has formed. */
  | 'Initialized'
  /** Work is under way: children are made, brokers start or roll, or a failed write is tried again (kstatus). */
  | 'Reconciling'
  /** Nothing more will happen until a person acts (kstatus). */
  | 'Stalled'
  /** Exactly one broker leads, as they say themselves. Of clusters of several brokers that have been ready once. */
  | 'QuorumHealthy'
  /** The cluster may be bootstrapped anew with another size; the message says what that costs. Only while the user has opted for it. */
  | 'ReBootstrapOffered'
  /** The security asked for is in force. Present only where the spec asks for any. */
  | 'SecurityEnforced'
  /** Isolation and quotas of tenants are in force. Present only where multi-tenancy is enabled. */
  | 'TenancyEnforced'
  /** Some fields of the spec do nothing; the message lists them. Absent when all do something. */
  | 'UnsupportedFields';

/** Why a condition is as it is; one word for machines. */
export type Reason =
  | 'AllBrokersReady'
  | 'Pending'
  | 'Starting'
  | 'RollingUpdate'
  | 'BrokersUnavailable'
  | 'BrokerStuck'
  | 'RollOutStuck'
  | 'ReBootstrapping'
  | 'OneLeader'
  | 'NoLeader'
  | 'SeveralLeaders'
  | 'BrokersSilent'
  | 'OptedIn'
  | 'SecretMissing'
  | 'SecretInvalid'
  | 'Enforced'
  | 'PartlyEnforced'
  | 'NotEnforced'
  | 'RollingOut'
  | 'Retrying'
  | 'FieldContested'
  | 'NoEffect'
  | 'SpecAccepted'
  | 'SpecInvalid'
  | 'RaftVolumesRemain'
  | 'ReplicasChangeRefused'
  | 'RaftPortChangeRefused'
  | 'StorageChangeRefused'
  | 'AllBrokersReadyOnce'
  | 'FirstStart'
  | 'UpToDate'
  | 'ActionNeeded'
  | 'NoActionNeeded';

/** Conditions that are there only while the spec asks for what they are about. */
export const conditionalTypes: readonly ConditionType[] = [
  'QuorumHealthy',
  'ReBootstrapOffered',
  'SecurityEnforced',
  'TenancyEnforced',
  'UnsupportedFields',
];
