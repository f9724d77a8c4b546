import {
  ApiError,
  ConfigMap,
  CronJob,
  DaemonSet,
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  Job,
  type KubeClient,
  type KubeObject,
  NetworkPolicy,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  type ResourceType,
  Service,
  StatefulSet,
} from '@capstan/kube';
import { UserError } from '../../failure.ts';

/** What runs pods of Prism or of a backend. */
export type Workload = Deployment | StatefulSet;

/** What stands in some namespaces, read one list after another. */
export interface LiveObjects {
  /** In the order in which they were named. */
  readonly namespaces: readonly string[];
  readonly workloads: readonly Workload[];
  readonly services: readonly Service[];
  readonly claims: readonly PersistentVolumeClaim[];
  readonly autoscalers: readonly HorizontalPodAutoscaler[];
  readonly ingresses: readonly Ingress[];
  /** Objects of kinds that no cluster takes over, without their contents. */
  readonly others: readonly KubeObject[];
  /** `configmaps in namespace prism`: what may not be listed. */
  readonly notRead: readonly string[];
}

/** Kinds of which only the names are read, so that they can be mentioned. */
const otherKinds = [ConfigMap, DaemonSet, CronJob, Job, NetworkPolicy, PodDisruptionBudget];

/**
 * Reads what stands in the namespaces.
 * @throws {UserError} when workloads may not be listed; what else may not be is told in `notRead`
 */
export async function readLiveObjects(client: KubeClient, namespaces: readonly string[]): Promise<LiveObjects> {
  const notRead: string[] = [];
  const read = async <T extends KubeObject>(type: ResourceType<T>, metadataOnly = false): Promise<readonly T[]> => {
    const lists = await Promise.all(
      namespaces.map((namespace) =>
        client.list(type, { namespace, metadataOnly }).catch((error: unknown) => {
          if (!(error instanceof ApiError && error.status === 403)) throw error;
          notRead.push(`${type.plural} in namespace ${namespace}`);
          return { items: [] };
        }),
      ),
    );
    return lists.flatMap(({ items }) => items);
  };
  const workloads = [...(await read(Deployment)), ...(await read(StatefulSet))];
  if (notRead.length > 0)
    throw new UserError(`you may not list ${notRead.join(', ')}: ask for list of deployments and statefulsets there`);
  const others: KubeObject[] = [];
  for (const kind of otherKinds) others.push(...(await read<KubeObject>(kind, true)));
  return {
    ...{ namespaces, workloads, others, notRead },
    services: await read(Service),
    claims: await read(PersistentVolumeClaim),
    autoscalers: await read(HorizontalPodAutoscaler),
    ingresses: await read(Ingress),
  };
}

/** The labels that pods of a workload have. */
export function podLabels({ spec }: Workload): Readonly<Record<string, string>> {
  return spec?.template.metadata?.labels ?? {};
}

/** Whether a Service leads to the pods of a workload. */
export function leadsTo({ metadata, spec }: Service, workload: Workload): boolean {
  const selector = Object.entries(spec?.selector ?? {});
  const labels = podLabels(workload);
  return (
    metadata.namespace === workload.metadata.namespace &&
    selector.length > 0 &&
    selector.every(([label, value]) => labels[label] === value)
  );
}
