import type { Deployment, KubeObject } from '@capstan/kube';
import type { PrismPattern } from '../../api/v1beta1/prism-pattern.ts';

interface OriginalOverrides {
  readonly createdAt?: string;
  readonly uid?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
}

/** What the original operator made for a pattern before there was a cluster, as the API server shows it. */
export function anOriginal(
  { metadata: { name, namespace, uid = '' } }: PrismPattern,
  kind: 'Deployment' | 'Service' | 'HorizontalPodAutoscaler' | 'ScaledObject',
  { createdAt = '2025-01-01T00:00:00Z', uid: owner = uid, labels, ...rest }: OriginalOverrides = {},
): KubeObject {
  return {
    ...{ apiVersion: apiVersions[kind], kind },
    metadata: {
      ...{ name, uid: `uid-${kind}`, creationTimestamp: createdAt, ...(namespace !== undefined && { namespace }) },
      labels: labels ?? { app: 'prism', 'prism.io/pattern': 'keyvalue', 'prism.io/pattern-instance': name },
      ownerReferences: [{ apiVersion: 'prism.io/v1alpha1', kind: 'PrismPattern', name, uid: owner, controller: true }],
      ...rest,
    },
  };
}

const apiVersions = {
  Deployment: 'apps/v1',
  Service: 'v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  ScaledObject: 'keda.sh/v1alpha1',
} as const;

/** The Deployment of the original operator, with so many pods that are ready; with none it never had any. */
export function anOriginalRunner(
  pattern: PrismPattern,
  readyReplicas: number,
  overrides: OriginalOverrides = {},
): Deployment {
  const { metadata } = anOriginal(pattern, 'Deployment', overrides);
  const lastTransitionTime = metadata.creationTimestamp ?? '';
  const conditions = [{ type: 'Available', status: readyReplicas > 0 ? 'True' : 'False', lastTransitionTime }];
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata, status: { readyReplicas, conditions } };
}
