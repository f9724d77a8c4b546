import type { CustomResourceDefinition } from '@capstan/kube';

type Version = CustomResourceDefinition['spec']['versions'][number];
type Schema = NonNullable<NonNullable<Version['schema']>['openAPIV3Schema']>;

const text = (value?: string, among?: readonly string[]): Schema => ({
  type: 'string',
  ...(value !== undefined && { default: value }),
  ...(among !== undefined && { enum: [...among] }),
});
const flag = (value?: boolean): Schema => ({ type: 'boolean', ...(value !== undefined && { default: value }) });
const integer = (value?: number): Schema => ({ type: 'integer', ...(value !== undefined && { default: value }) });
const object = (properties: Readonly<Record<string, Schema>>): Schema => ({ type: 'object', properties });
const strings: Schema = { type: 'object', additionalProperties: { type: 'string' } };
const anything: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

const phases = ['Pending', 'Creating', 'Running', 'Updating', 'Degraded', 'Failed'];

const specSchema: Schema = {
  ...object({
    replicas: { type: 'integer', minimum: 1, default: 3 },
    version: text('latest'),
    image: object({
      repository: text('streambus/broker'),
      tag: text('latest'),
      pullPolicy: text('IfNotPresent', ['Always', 'IfNotPresent', 'Never']),
      pullSecrets: { type: 'array', items: { type: 'string' } },
    }),
    resources: object({
      requests: object({ cpu: text('500m'), memory: text('512Mi') }),
      limits: object({ cpu: text('2000m'), memory: text('2Gi') }),
    }),
    storage: object({ class: text('standard'), size: text('10Gi'), raftSize: text('5Gi') }),
    config: object({
      logLevel: text('info', ['debug', 'info', 'warn', 'error']),
      port: integer(9092),
      httpPort: integer(8081),
      grpcPort: integer(9093),
    }),
    security: object({
      enabled: flag(false),
      tls: object({ enabled: flag(), secretName: text() }),
      authentication: object({
        enabled: flag(),
        sasl: object({
          mechanism: text('SCRAM-SHA-256', ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']),
          secretName: text(),
        }),
      }),
    }),
    multiTenancy: object({ enabled: flag() }),
    observability: object({
      metrics: object({ enabled: flag(true), serviceMonitor: flag(false) }),
      tracing: object({ enabled: flag(), endpoint: text() }),
    }),
    affinity: anything,
    tolerations: { type: 'array', items: anything },
    nodeSelector: strings,
    podAnnotations: strings,
    podLabels: strings,
  }),
  required: ['replicas'],
};

const statusSchema = object({
  phase: text(undefined, phases),
  conditions: {
    type: 'array',
    items: object({
      type: text(),
      status: text(),
      reason: text(),
      message: text(),
      lastTransitionTime: { type: 'string', format: 'date-time' },
    }),
  },
  replicas: integer(),
  readyReplicas: integer(),
  observedGeneration: integer(),
  endpoints: object({ brokers: text(), http: text(), metrics: text() }),
});

/** The CRD of the original StreamBus operator: no rules, no scale subresource, and endpoints that are an object. */
export const originalDefinition: CustomResourceDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'streambusclusters.streambus.io' },
  spec: {
    group: 'streambus.io',
    scope: 'Namespaced',
    names: {
      kind: 'StreamBusCluster',
      listKind: 'StreamBusClusterList',
      plural: 'streambusclusters',
      singular: 'streambuscluster',
      shortNames: ['sbc', 'streambus'],
    },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [
          { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
          { name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas' },
          { name: 'Ready', type: 'integer', jsonPath: '.status.readyReplicas' },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
        schema: { openAPIV3Schema: object({ spec: specSchema, status: statusSchema }) },
      },
    ],
  },
};
