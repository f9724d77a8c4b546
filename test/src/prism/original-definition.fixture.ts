import type { CustomResourceDefinition } from '@capstan/kube';

type Version = CustomResourceDefinition['spec']['versions'][number];
type Schema = NonNullable<NonNullable<Version['schema']>['openAPIV3Schema']>;

const text: Schema = { type: 'string' };
const number: Schema = { type: 'integer', format: 'int32' };
const texts: Schema = { type: 'object', additionalProperties: text };
const quantities: Schema = {
  type: 'object',
  additionalProperties: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
};
const object = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  ...(required.length > 0 && { required: [...required] }),
});

const trigger = object({ type: text, metadata: texts, authenticationRef: object({ name: text }) }, [
  'type',
  'metadata',
]);

const autoscaling = object(
  {
    enabled: { type: 'boolean' },
    scaler: text,
    ...{ minReplicas: number, maxReplicas: number, targetCPUUtilizationPercentage: number },
    ...{ pollingInterval: number, cooldownPeriod: number },
    triggers: { type: 'array', items: trigger },
  },
  ['enabled', 'minReplicas', 'maxReplicas'],
);

const spec = object(
  {
    ...{ pattern: text, backend: text, image: text, replicas: number },
    resources: object({ limits: quantities, requests: quantities }),
    service: object({ type: text, port: number }),
    autoscaling,
    placement: object({ nodeSelector: texts }),
    backendConfig: object({ name: text, namespace: text }),
    config: texts,
  },
  ['pattern', 'backend', 'image', 'replicas'],
);

const status = object({ replicas: number, availableReplicas: number, phase: text });

/** The CRD of the original Prism operator, which has less than the operator itself writes; what it has not is dropped. */
export const originalDefinition: CustomResourceDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'prismpatterns.prism.io' },
  spec: {
    group: 'prism.io',
    scope: 'Namespaced',
    names: { kind: 'PrismPattern', listKind: 'PrismPatternList', plural: 'prismpatterns', singular: 'prismpattern' },
    versions: [
      {
        ...{ name: 'v1alpha1', served: true, storage: true, subresources: { status: {} } },
        schema: { openAPIV3Schema: object({ spec, status }) },
      },
    ],
  },
};
