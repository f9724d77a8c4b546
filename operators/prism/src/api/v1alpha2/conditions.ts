/** The conditions of a PrismNamespace; the runtime adds `Paused`, `DriftContested` and others of its own where they apply. */
export type ConditionType =
  /** prism-admin has the namespace as the spec says, its patterns are there, its objects are made, and its own runners run. */
  | 'Ready'
  /** Work is under way, or waits for something that comes by itself (kstatus). */
  | 'Reconciling'
  /** Nothing more will happen until a person acts (kstatus). */
  | 'Stalled'
  /** The spec was judged sound; `False` carries what is wrong with it, and nothing was done for it. */
  | 'Accepted'
  /** The PrismCluster that the spec names is there. */
  | 'ClusterFound'
  /** prism-admin answered when it was last asked. It is not asked while nothing changes. */
  | 'AdminReachable'
  /** prism-admin was told of the namespace as it is in the spec, and showed it when it was read back, where that is possible. */
  | 'Synced'
  /** Every pattern that the spec names is one of the cluster. */
  | 'PatternsKnown'
  /** What the spec limits is limited. Absent when it limits nothing. */
  | 'QuotaEnforced'
  /** What runs for the namespace is kept apart as the spec asks. Absent with isolation none. */
  | 'Isolated'
  /** The runners of the namespace's own are made, and run. Absent when none are asked for. */
  | 'RunnersDedicated'
  /** `False`: prism-admin cannot delete namespaces, so this one stays there when the resource goes. */
  | 'Deletable';

/** Why a condition is as it is; one word for machines. */
export type Reason =
  | 'UpToDate'
  | 'SpecAccepted'
  | 'SpecInvalid'
  | 'Found'
  | 'ClusterNotFound'
  | 'ClusterGoing'
  | 'ClusterInvalid'
  | 'Answers'
  | 'NotAsked'
  | 'Asking'
  | 'AdminNotReady'
  | 'NoControlPlane'
  | 'NoLeader'
  | 'Unreachable'
  | 'WaitingForProxy'
  | 'Refused'
  | 'NotConfirmed'
  | 'ReadBack'
  | 'OutOfSight'
  | 'NotReadBack'
  | 'AllKnown'
  | 'PatternsUnknown'
  | 'Unsupported'
  | 'NotUnambiguous'
  | 'NotAllowed'
  | 'Fenced'
  | 'FencesDisabled'
  | 'RunnersShared'
  | 'RunnersStalled'
  | 'SessionsUnsupported'
  | 'Made'
  | 'Failed'
  | 'Waiting';

/** Conditions that are there only while there is something to say. */
export const conditionalTypes: readonly ConditionType[] = ['QuotaEnforced', 'Isolated', 'RunnersDedicated'];
