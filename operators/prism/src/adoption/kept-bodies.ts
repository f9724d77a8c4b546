import type { Container } from '@capstan/kube';
import { type Child, child, type Desired } from '@capstan/runtime';
import { keptAnnotation } from '../annotations.ts';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { ContainerOverrides } from '../profiles/component-container.ts';

/** What is said of the one container of a workload that is kept as it is. */
export interface SaidOfContainer {
  readonly name: string;
  /** What the cluster says of it; nothing of the profile. */
  readonly overrides: ContainerOverrides;
}

/**
 * What is applied of a workload that is kept as it is: whose it is, how many pods there are, and of one container what the cluster says
 * of it. Everything else stays with whoever wrote it, so that no pod restarts.
 * @param rendered the workload as the operator would make it
 */
export function keptWorkload(cluster: PrismCluster, { object, replicas }: Child, said: SaidOfContainer): Child {
  const { apiVersion, kind, metadata, spec = {} } = object as WorkloadBody; // a workload as `deployment` and `statefulSet` make it
  const body = {
    ...{ apiVersion, kind, metadata: asKept(metadata) },
    spec: {
      ...(spec.replicas !== undefined && { replicas: spec.replicas }),
      ...(kind === 'StatefulSet' && claimPolicy(cluster)),
      template: { spec: { containers: [containerOf(said)] } },
    },
  };
  return child(body, { adopt: true, ...(replicas !== undefined && { replicas }) });
}

type WorkloadBody = Desired & { readonly spec?: { readonly replicas?: number } };

/** What is applied of a Service that is kept as it is: whose it is. */
export function keptService({ apiVersion, kind, metadata }: Desired): Child {
  return child({ apiVersion, kind, metadata: asKept(metadata) }, { adopt: true });
}

/** What is applied of an Ingress that is kept as it is: whose it is, and of which class. Its routes stay as they are. */
export function keptIngress(cluster: PrismCluster, { apiVersion, kind, metadata }: Desired): Child {
  const { annotations: _ofItsController, ...rest } = metadata;
  const { className: ingressClassName } = cluster.spec.ingress ?? {};
  const body = {
    ...{ apiVersion, kind, metadata: asKept(rest) },
    ...(ingressClassName !== undefined && { spec: { ingressClassName } }),
  };
  return child(body, { adopt: true });
}

function asKept(metadata: Desired['metadata']): Desired['metadata'] {
  return { ...metadata, annotations: { ...metadata.annotations, [keptAnnotation]: 'true' } };
}

/** Volumes stay where the policy of the cluster says so, whatever the StatefulSet says; it is no reason for them to go. */
function claimPolicy({ spec: { deletionPolicy } }: PrismCluster) {
  return deletionPolicy === 'Retain' ? volumesStay : {};
}

/** Of a StatefulSet: its volumes outlive it. */
export const volumesStay = {
  persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
} as const;

function containerOf({ name, overrides }: SaidOfContainer): Partial<Container> {
  const { image, imagePullPolicy, command, args, env = [], resources } = overrides;
  return {
    name,
    ...(image !== undefined && { image }),
    ...(imagePullPolicy !== undefined && { imagePullPolicy }),
    ...(command !== undefined && { command }),
    ...(args !== undefined && { args }),
    ...(env.length > 0 && { env }),
    ...(Object.keys(resources).length > 0 && { resources }),
  };
}

/** Whether a body is of a workload that is kept: it says nothing of how its pods are found, and nothing of volumes. */
export function isKeptWorkload({ metadata }: Desired): boolean {
  return metadata.annotations?.[keptAnnotation] !== undefined;
}
