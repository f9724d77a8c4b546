/** The conditions of a PrismCluster; the runtime adds `Paused`, `DriftContested` and others of its own where they apply. */
export type ConditionType =
  /** Backends, admin, proxy and patterns all run as the spec says. */
  | 'Ready'
  /** The spec was judged sound; `False` carries the first refusal, and no child was touched for it. */
  | 'Accepted'
  /** Backends, prism-admin and proxies were all available together at least once. */
  | 'Initialized'
  /** Work is under way: children are made, pods start or roll, or a failed write is tried again (kstatus). */
  | 'Reconciling'
  /** Nothing more will happen until a person acts (kstatus). */
  | 'Stalled'
  /** All pods of all backends that run here are ready, and the Secrets of those elsewhere can be used. */
  | 'BackendsHealthy'
  /** prism-admin can be written to: all members run, and exactly one of them leads. */
  | 'AdminHealthy'
  /** A person has agreed to bootstrap prism-admin anew with another number of members; the message says what that costs. Absent when nobody has. */
  | 'AdminRebootstrapOffered'
  /** All proxies serve. */
  | 'ProxyHealthy'
  /** All pods of all patterns run. */
  | 'PatternsHealthy'
  /** Clients outside reach the proxy. Present only while an ingress is asked for. */
  | 'IngressReady'
  /** The autoscaler of the proxy can measure and scale. Present only while one is asked for. */
  | 'AutoscalingActive'
  /** The runner of every pattern can do its work; the message lists those that cannot, and what others do that people do not expect. Absent when there is nothing to say. */
  | 'RunnerSupported'
  /** Some patterns name backends that are not enabled, and are not started. Absent when none do. */
  | 'BackendMissing'
  /** Everything that the spec names to be taken over is the cluster's; `False` says what is not, and who has it. Present only with spec.adoption. */
  | 'Adopted'
  /** Something runs with credentials that everybody knows, or may read in its pods. Absent when nothing does. */
  | 'DefaultCredentials'
  /** A backend runs a version that may be another one tomorrow. Absent when all are pinned. */
  | 'UnpinnedVersions'
  /** A backend was made with another version than one would be made with now, and keeps it. Absent when none was. */
  | 'NewerVersions'
  /** A backend runs as a user that nobody has named, with an image that is not known. Absent when all are known. */
  | 'UserAssumed';

/** Why a condition is as it is; one word for machines. */
export type Reason =
  | 'AllReady'
  | 'AllReadyOnce'
  | 'FirstStart'
  | 'Pending'
  | 'Starting'
  | 'RollingUpdate'
  | 'Unavailable'
  | 'PodStuck'
  | 'WaitingForBackend'
  | 'WaitingForAdmin'
  | 'NoneAskedFor'
  | 'OneLeader'
  | 'NoLeader'
  | 'SeveralLeaders'
  | 'LeaderUnknown'
  | 'Rebootstrapping'
  | 'OptedIn'
  | 'SecretMissing'
  | 'SecretInvalid'
  | 'CredentialsChanged'
  | 'Unsupported'
  | 'WithCautions'
  | 'Refused'
  | 'BackendDisabled'
  | 'WellKnown'
  | 'InPlainSight'
  | 'KeptAsTheyAre'
  | 'Replaced'
  | 'HeldByOthers'
  | 'NotFound'
  | 'LatestTag'
  | 'OtherDefault'
  | 'UnknownImage'
  | 'Scaling'
  | 'NotMeasured'
  | 'Serving'
  | 'Waiting'
  | 'Retrying'
  | 'FieldContested'
  | 'SpecAccepted'
  | 'SpecInvalid'
  | 'AdminReplicasChangeRefused'
  | 'AdoptionRefused'
  | 'AdminStorageUnsupported'
  | 'BackendChangeRefused'
  | 'StorageChangeRefused'
  | 'ProfileChangeRefused';

/** Conditions that are there only while there is something to say. */
export const conditionalTypes: readonly ConditionType[] = [
  'IngressReady',
  'AutoscalingActive',
  'AdminRebootstrapOffered',
  'RunnerSupported',
  'BackendMissing',
  'Adopted',
  'DefaultCredentials',
  'UnpinnedVersions',
  'NewerVersions',
  'UserAssumed',
];
