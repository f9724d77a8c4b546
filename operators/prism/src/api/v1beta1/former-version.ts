import { customResource, k8s, mapOf, type ResourceOf, stringEnum, Type } from '@capstan/crd';
import { labelValues } from '../v1alpha1/scalars.ts';
import { boundRules, requestRules } from './autoscaling-rules.ts';
import { behavior } from './scaling-behavior.ts';
import { metrics } from './scaling-metrics.ts';
import { longestValue } from './triggers.ts';

const names = { cpu: 'targetCPUUtilizationPercentage', memory: 'targetMemoryUtilizationPercentage' } as const;

const count = (maximum: number, description: string) => Type.Integer({ minimum: 0, maximum, description });
const text = (description: string) => Type.String({ maxLength: 253, description });

const trigger = Type.Object(
  {
    type: Type.String({
      maxLength: 63,
      pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
      description: "Type of KEDA's scaler, such as kafka.",
    }),
    metadata: mapOf(Type.String({ maxLength: longestValue }), {
      maxProperties: 64,
      description: 'What it asks, in the words of KEDA.',
    }),
    authenticationRef: Type.Optional(
      Type.Object(
        {
          name: Type.String({
            minLength: 1,
            maxLength: 253,
            pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$',
            description: 'Name of the TriggerAuthentication.',
          }),
        },
        { description: 'Where KEDA has the credentials from.' },
      ),
    ),
  },
  { description: 'One thing that KEDA asks whether there is work.' },
);

const percent = (of: string) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: `Percent of the requested ${of} aimed at.` }));

const autoscaling = Type.Object(
  {
    enabled: Type.Boolean({ description: 'Leave the number of pods to an autoscaler.' }),
    scaler: Type.Optional(stringEnum(['hpa', 'keda'], { description: 'Who scales.' })),
    minReplicas: count(1000, 'The fewest pods there are.'),
    maxReplicas: count(1000, 'The most pods there are.'),
    [names.cpu]: percent('CPU'),
    [names.memory]: percent('memory'),
    metrics: Type.Optional(metrics),
    behavior: Type.Optional(behavior),
    triggers: Type.Optional(Type.Array(trigger, { maxItems: 32, description: 'What KEDA asks.' })),
    pollingInterval: Type.Optional(count(86_400, 'Seconds between two questions of KEDA.')),
    cooldownPeriod: Type.Optional(count(604_800, 'Seconds without work before KEDA goes down to none.')),
  },
  { description: 'Who decides how many pods there are.', rules: boundRules(names) },
);

const placement = Type.Object(
  {
    strategy: Type.Optional(text('Of no effect, then and now.')),
    nodeSelector: Type.Optional(labelValues({ description: 'Labels a node must have.' })),
    affinity: Type.Optional(k8s.affinity({ description: 'Scheduling constraints of the pods.' })),
    tolerations: Type.Optional(k8s.tolerations({ maxItems: 64, description: 'Taints that the pods put up with.' })),
    topologySpreadConstraints: Type.Optional(
      k8s.topologySpreadConstraints({ maxItems: 8, description: 'How the pods spread over zones and nodes.' }),
    ),
    priorityClassName: Type.Optional(text('PriorityClass of the pods.')),
    runtimeClassName: Type.Optional(text('RuntimeClass of the pods.')),
  },
  { description: 'Where the pods run.' },
);

const spec = Type.Object(
  {
    pattern: Type.String({
      maxLength: 40,
      pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$',
      description: 'Which runner it is, such as keyvalue; type in v1beta1.',
    }),
    backend: Type.String({ maxLength: 63, description: 'Backend that it uses; the first of backends in v1beta1.' }),
    image: Type.String({
      maxLength: 512,
      pattern: '^([A-Za-z0-9][A-Za-z0-9._:/@-]*)?$',
      description: "Image of the runner; that of the cluster's profile where it is empty.",
    }),
    replicas: count(1000, 'Pods there are where nothing scales it.'),
    resources: Type.Optional(k8s.resourceRequirements({ description: 'Compute resources of each pod.' })),
    backendConfig: Type.Optional(
      Type.Object(
        { name: text('Of no effect, then and now.'), namespace: Type.Optional(text('Of no effect, then and now.')) },
        { description: 'Of no effect, then and now.' },
      ),
    ),
    config: Type.Optional(
      mapOf(Type.String({ maxLength: 4096 }), {
        maxProperties: 256,
        description: 'Merged over the configuration that the operator renders for the runner.',
      }),
    ),
    service: Type.Optional(
      Type.Object(
        {
          type: Type.Optional(text('Of no effect: the Service of a runner has no address of its own.')),
          port: count(65_535, 'Port that the runner serves on.'),
        },
        { description: 'How others reach the runner.' },
      ),
    ),
    autoscaling: Type.Optional(autoscaling),
    placement: Type.Optional(placement),
  },
  { description: 'The pattern as it should be.', rules: requestRules(names) },
);

const status = Type.Object(
  {
    phase: Type.Optional(Type.String({ description: 'Summary of the conditions in one word.' })),
    replicas: Type.Optional(Type.Integer({ description: 'Pods there are.' })),
    availableReplicas: Type.Optional(Type.Integer({ description: 'Pods that are available.' })),
    observedGeneration: Type.Optional(Type.Integer({ description: 'Generation that was last acted upon.' })),
    conditions: Type.Optional(k8s.conditions({ maxItems: 32, description: 'What is true of the pattern, and why.' })),
  },
  { description: 'What the operator last saw and did.' },
);

/** The shape that PrismPattern had before v1beta1. It is served, so that resources of then can be read and written; nothing is stored in it. */
export const FormerPrismPattern = customResource({
  group: 'prism.io',
  version: 'v1alpha1',
  kind: 'PrismPattern',
  plural: 'prismpatterns',
  shortNames: ['ppattern'],
  categories: ['all'],
  namespaced: true,
  description: 'One pattern runner, in the shape before v1beta1.',
  spec,
  status,
  printerColumns: [
    { name: 'Pattern', type: 'string', jsonPath: '.spec.pattern' },
    { name: 'Backend', type: 'string', jsonPath: '.spec.backend' },
    { name: 'Replicas', type: 'integer', jsonPath: '.status.replicas' },
    { name: 'Available', type: 'integer', jsonPath: '.status.availableReplicas' },
    { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
});

/** A pattern in the shape before v1beta1. */
export type FormerPrismPattern = ResourceOf<typeof FormerPrismPattern>;
