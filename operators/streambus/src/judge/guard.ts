import type { Reason } from '../api/v1alpha1/conditions.ts';
import type { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import type { Observed } from '../observe.ts';

/** Why a spec is not carried out, for the condition and the event that tell the user. */
export interface Refusal {
  readonly reason: Extract<
    Reason,
    'SpecInvalid' | 'RaftVolumesRemain' | 'ReplicasChangeRefused' | 'RaftPortChangeRefused' | 'StorageChangeRefused'
  >;
  /** Says what is wrong, why, and what to do. */
  readonly message: string;
}

/** What a spec is judged by. */
export type Judged = Pick<Observed, 'statefulSet' | 'original' | 'raftVolumes'>;

/** Refuses a spec that must not be carried out on what is observed; `undefined` lets it pass. */
export type Guard = (cluster: StreamBusCluster, observed: Judged) => Refusal | undefined;
