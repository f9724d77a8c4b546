/** The conditions of a PrismFederation; the runtime adds `Paused`, `OptionalKindsMissing` and others of its own where they apply. */
export type ConditionType =
  /** Traffic goes to healthy clusters as the spec says, and that is published. */
  | 'Ready'
  /** Something is being made, or is not known yet (kstatus). */
  | 'Reconciling'
  /** Nothing more will happen until a person acts (kstatus). */
  | 'Stalled'
  /** Traffic has left a cluster because it failed. */
  | 'FailedOver'
  /** ConfigMap and DNS records say what the status says. */
  | 'Published';

/** The conditions of one cluster of a federation. */
export type MemberConditionType =
  /** There are credentials that can be used. They were accepted only where `Reachable` is `True`. */
  | 'CredentialsReady'
  /** Its API server answers, and its PrismClusters can be watched. */
  | 'Reachable'
  /** It can take traffic. */
  | 'Healthy'
  /** Its PrismCluster is as the federation says. Present only while PrismClusters are propagated. */
  | 'Propagated';
