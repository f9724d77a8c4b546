/** The conditions of a PrismPattern; the runtime adds some of its own, such as `Paused`, where they apply. */
export type PatternConditionType =
  /** All pods that are wanted are available, and nothing below is wrong. */
  | 'Ready'
  /** The cluster that it belongs to is known. */
  | 'ClusterFound'
  /** Its spec was judged sound, so that it is run; `False` carries what is to be changed. */
  | 'Accepted'
  /** Work is under way (kstatus). */
  | 'Reconciling'
  /** Nothing more will happen until a person acts (kstatus). */
  | 'Stalled'
  /** The backends that it names are enabled in its cluster. */
  | 'BackendsAvailable'
  /** The autoscaler that is asked for is there and can measure. Absent when none is asked for and none is left. */
  | 'AutoscalerReady'
  /** The runner can do its work; the message says what it cannot, and what it does that people do not expect. Absent when there is nothing to say. */
  | 'RunnerSupported'
  /** What `config` of its backends asks for is done; the message lists what is not. Absent when nothing is asked for. */
  | 'BackendConfigApplied'
  /** Some fields say what nothing acts upon; the message lists them. Absent when none do. */
  | 'WithoutEffect'
  /** `False` while something is left of what the original operator made for the pattern; absent when nothing is. */
  | 'OriginalRetired';

/** Why a condition is as it is; one word for machines. */
export type PatternReason =
  | 'AllReady'
  | 'Applied'
  | 'AutoscalerForeign'
  | 'AutoscalerRefused'
  | 'BackendMissing'
  | 'BackendsEnabled'
  | 'BeingDeleted'
  | 'ClusterFull'
  | 'ClusterNotAccepted'
  | 'ClusterNotFound'
  | 'ClusterNotNamed'
  | 'Found'
  | 'KedaNotInstalled'
  | 'NameConflict'
  | 'NameUnusable'
  | 'NoClusterInNamespace'
  | 'NotApplied'
  | 'NotCarriedOut'
  | 'NotMeasured'
  | 'OriginalAtWork'
  | 'Refused'
  | 'Retrying'
  | 'ScaledToZero'
  | 'Scaling'
  | 'SecretInPlain'
  | 'SeveralClustersInNamespace'
  | 'SpecAccepted'
  | 'SpecInvalid'
  | 'Starting'
  | 'Switching'
  | 'Unavailable'
  | 'Unsupported'
  | 'WaitingForPods'
  | 'WaitingForWorkload'
  | 'WithCautions'
  | 'WithoutEffect';

/** Conditions that are there only while there is something to say. */
export const conditionalTypes: readonly PatternConditionType[] = [
  'BackendsAvailable',
  'AutoscalerReady',
  'RunnerSupported',
  'BackendConfigApplied',
  'WithoutEffect',
  'OriginalRetired',
];
