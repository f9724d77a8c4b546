import type { Pod } from '@capstan/kube';
import { type PodTrouble, podsTrouble } from '@capstan/runtime';

/** One broker's pod, as far as anybody here needs to know. */
export interface BrokerPod {
  readonly name: string;
  readonly uid: string;
  readonly ordinal: number;
  /** Absent until the kubelet has given it one. */
  readonly ip?: string;
  /** The StatefulSet revision it was made from. */
  readonly revision?: string;
  /** All its containers are: its client port is open. */
  readonly isReady: boolean;
  /** RFC 3339: since when it has not been ready; absent while it is. */
  readonly notReadySince?: string;
  readonly isTerminating: boolean;
  /** RFC 3339: by when it should have gone; absent unless it is terminating. */
  readonly dueToGo?: string;
  /** Its node does not answer: whether its broker runs nobody knows. */
  readonly isUnreachable: boolean;
  /** Its broker process runs and has passed its start-up probe, as far as its node has told. */
  readonly hasStarted: boolean;
  /** Of the broker's container so far. */
  readonly restarts: number;
  /** Why it will not run without help. */
  readonly trouble?: PodTrouble;
}

/** The name of the broker's own container. */
export const brokerContainerName = 'streambus';

/** The brokers' pods of one StatefulSet, by ordinal. Pods that only bear its labels are not among them. */
export function brokerPodsOf(statefulSetName: string, pods: readonly Pod[]): readonly BrokerPod[] {
  return pods
    .flatMap((pod) => {
      const ordinal = ordinalOf(pod.metadata.name, statefulSetName);
      const isOwned = pod.metadata.ownerReferences?.some(
        ({ kind, name, controller }) => controller === true && kind === 'StatefulSet' && name === statefulSetName,
      );
      return ordinal === undefined || isOwned !== true ? [] : [brokerPod(pod, ordinal)];
    })
    .sort((a, b) => a.ordinal - b.ordinal);
}

function ordinalOf(podName: string, statefulSetName: string): number | undefined {
  const rest = podName.startsWith(`${statefulSetName}-`) ? podName.slice(statefulSetName.length + 1) : '';
  return /^(0|[1-9]\d*)$/.test(rest) ? Number(rest) : undefined;
}

function brokerPod(pod: Pod, ordinal: number): BrokerPod {
  const { metadata, status } = pod;
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const broker = status?.containerStatuses?.find(({ name }) => name === brokerContainerName);
  const revision = metadata.labels?.['controller-revision-hash'];
  const isReady = ready?.status === 'True';
  const notReadySince = ready?.lastTransitionTime ?? metadata.creationTimestamp;
  const [trouble] = podsTrouble([pod]);
  return {
    ...{ name: metadata.name, uid: metadata.uid ?? '', ordinal, isReady },
    ...(status?.podIP !== undefined && { ip: status.podIP }),
    ...(revision !== undefined && { revision }),
    ...(!isReady && notReadySince !== undefined && { notReadySince }),
    isTerminating: metadata.deletionTimestamp !== undefined,
    ...(metadata.deletionTimestamp !== undefined && { dueToGo: metadata.deletionTimestamp }),
    restarts: broker?.restartCount ?? 0,
    // The word of the node controller for a kubelet that has fallen silent.
    isUnreachable: ready?.status === 'Unknown' || ready?.reason === 'NodeNotReady',
    hasStarted: broker?.state?.running !== undefined && broker.started === true,
    ...(trouble !== undefined && { trouble }),
  };
}
