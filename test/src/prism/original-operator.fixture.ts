import {
  Deployment,
  type Draft,
  HorizontalPodAutoscaler,
  type KubeClient,
  type KubeObject,
  type ObjectMeta,
  type ResourceType,
  Service,
} from '@capstan/kube';
import { ScaledObject } from '@capstan/resources';

/** What a user wrote for the original operator. */
export interface OriginalSpec {
  readonly pattern: string;
  readonly backend: string;
  readonly image: string;
  readonly replicas: number;
  readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
  readonly backendConfig?: { readonly name: string; readonly namespace?: string };
  readonly service?: { readonly type?: 'ClusterIP' | 'LoadBalancer'; readonly port: number };
  readonly autoscaling?: {
    readonly enabled: boolean;
    readonly scaler?: 'hpa' | 'keda';
    readonly minReplicas: number;
    readonly maxReplicas: number;
    readonly targetCPUUtilizationPercentage?: number;
    readonly triggers?: readonly { readonly type: string; readonly metadata: Readonly<Record<string, string>> }[];
  };
}

/** A PrismPattern as the original operator saw it. */
export interface OriginalPattern extends KubeObject {
  readonly spec: OriginalSpec;
  readonly status?: object;
}

export const OriginalPattern: ResourceType<OriginalPattern> = {
  ...{ group: 'prism.io', version: 'v1alpha1', kind: 'PrismPattern', plural: 'prismpatterns' },
  namespaced: true,
};

/** Field manager of a Go binary called `manager` that sends whole objects. */
const asOriginal = { fieldManager: 'manager' } as const;

/** Which pattern, and what its user wrote. */
interface OriginalOrder {
  readonly namespace: string;
  readonly name: string;
  readonly spec: OriginalSpec;
}

/**
 * Does what the user and the original operator did for one pattern: the resource with its status, and all its children. The CRD must
 * be the original's.
 */
export async function madeByTheOriginal(client: KubeClient, { namespace, name, spec }: OriginalOrder): Promise<void> {
  const wanted = { apiVersion: 'prism.io/v1alpha1', kind: 'PrismPattern', metadata: { namespace, name }, spec };
  const pattern = await client.create(OriginalPattern, wanted, { fieldManager: 'kubectl-client-side-apply' });
  await workedOnByTheOriginal(client, pattern);
  // Its CRD had no place for the conditions and the generation that it sent along.
  const status = { phase: 'Unknown', replicas: 0, availableReplicas: 0 };
  await client.replace(OriginalPattern, { ...pattern, status }, { ...asOriginal, subresource: 'status' });
}

/** Makes the children of a pattern that there is, as the original operator does again and again. */
export async function workedOnByTheOriginal(client: KubeClient, pattern: OriginalPattern): Promise<void> {
  await client.create(Deployment, deploymentOf(pattern), asOriginal);
  const { service, autoscaling } = pattern.spec;
  if (service !== undefined) await client.create(Service, serviceOf(pattern, service), asOriginal);
  if (autoscaling?.enabled !== true) return;
  if (autoscaling.scaler === 'keda')
    await client.create(ScaledObject, scaledObjectOf(pattern, autoscaling), asOriginal);
  else await client.create(HorizontalPodAutoscaler, hpaOf(pattern, autoscaling), asOriginal);
}

/** The labels of everything that the original made for a pattern; they were its selectors as well. */
function labelsOf({ metadata: { name }, spec: { pattern, backend } }: OriginalPattern) {
  return {
    app: 'prism',
    'prism.io/pattern': pattern,
    'prism.io/backend': backend,
    'prism.io/pattern-instance': name,
  };
}

function metadataOf(pattern: OriginalPattern): ObjectMeta {
  const { namespace, name, uid = '' } = pattern.metadata;
  const owner = { apiVersion: 'prism.io/v1alpha1', kind: 'PrismPattern', name, uid };
  return {
    ...{ name, labels: labelsOf(pattern), ...(namespace !== undefined && { namespace }) },
    ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
  };
}

function deploymentOf(pattern: OriginalPattern): Draft<Deployment> {
  const { pattern: type, backend, image, replicas, resources, service, autoscaling } = pattern.spec;
  const container = {
    ...{ name: `${type}-runner`, image, args: [`--pattern=${type}`, `--backend=${backend}`] },
    resources: { ...resources },
    ...(service !== undefined && {
      ports: [{ name: 'grpc', containerPort: service.port, protocol: 'TCP' as const }],
    }),
  };
  return {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: metadataOf(pattern) },
    spec: {
      replicas: autoscaling?.enabled === true ? autoscaling.minReplicas : replicas,
      selector: { matchLabels: labelsOf(pattern) },
      template: { metadata: { labels: labelsOf(pattern) }, spec: { containers: [container] } },
    },
  };
}

function serviceOf(pattern: OriginalPattern, { type, port }: OriginalSpec['service'] & {}): Draft<Service> {
  const ports = [{ name: 'grpc', port, targetPort: port, protocol: 'TCP' as const }];
  const spec = { selector: labelsOf(pattern), ports, ...(type !== undefined && { type }) };
  return { apiVersion: 'v1', kind: 'Service', metadata: metadataOf(pattern), spec };
}

function targetOf({ metadata: { name } }: OriginalPattern) {
  return { apiVersion: 'apps/v1', kind: 'Deployment', name };
}

function hpaOf(pattern: OriginalPattern, given: OriginalSpec['autoscaling'] & {}): Draft<HorizontalPodAutoscaler> {
  const { minReplicas, maxReplicas, targetCPUUtilizationPercentage: averageUtilization = 80 } = given;
  const target = { type: 'Utilization', averageUtilization };
  return {
    ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: metadataOf(pattern) },
    spec: {
      ...{ scaleTargetRef: targetOf(pattern), minReplicas, maxReplicas },
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }],
    },
  };
}

function scaledObjectOf(pattern: OriginalPattern, given: OriginalSpec['autoscaling'] & {}): Draft<ScaledObject> {
  const { minReplicas: minReplicaCount, maxReplicas: maxReplicaCount, triggers = [] } = given;
  return {
    ...{ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata: metadataOf(pattern) },
    spec: {
      ...{ scaleTargetRef: targetOf(pattern), minReplicaCount, maxReplicaCount, triggers },
      ...{ pollingInterval: 10, cooldownPeriod: 300 },
    },
  };
}
