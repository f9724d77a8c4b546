import type { KubeObject } from '@capstan/kube';
import type { Plan, StepObject } from '@capstan/runtime';
import type { AdoptionSight } from '../adoption/sight.ts';
import type { Reason } from '../api/v1alpha1/conditions.ts';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { BootstrappedBackends } from '../bootstrapped-backends.ts';
import type { AdminStanding } from '../rebootstrap/admin-standing.ts';
import type { ReplayedNamespaces } from '../rebootstrap/replayed-namespaces.ts';

/** Why a spec is not carried out, for the condition and the event that tell the user. */
export interface Refusal {
  readonly reason: Extract<
    Reason,
    | 'SpecInvalid'
    | 'AdminReplicasChangeRefused'
    | 'AdoptionRefused'
    | 'AdminStorageUnsupported'
    | 'BackendChangeRefused'
    | 'StorageChangeRefused'
    | 'ProfileChangeRefused'
  >;
  /** Says what is wrong, why, and what to do. */
  readonly message: string;
}

/** What a spec is judged by. */
export interface Judged {
  /** What prism-admin was made with. */
  readonly admin: AdminStanding;
  /** What would be created in it again. */
  readonly replays: ReplayedNamespaces;
  /** What backends were made with, those of which only volumes are left among them. */
  readonly bootstrappedBackends: BootstrappedBackends;
  /** What there is of everything that is to be taken over. */
  readonly adoption: AdoptionSight;
  /** What the spec would be carried out as; made on demand. */
  readonly plan: () => Plan;
  /** What is there already of an object of the plan. */
  readonly live: (wanted: StepObject) => KubeObject | undefined;
}

/** Refuses a spec that must not be carried out on what is observed; `undefined` lets it pass. */
export type Guard = (cluster: PrismCluster, judged: Judged) => Refusal | undefined;
