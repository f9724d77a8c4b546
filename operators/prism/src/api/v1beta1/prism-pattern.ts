import { customResource, freeForm, type ResourceOf, rule, stringEnum, Type, withDefault } from '@capstan/crd';
import { componentFields } from '../v1alpha1/component.ts';
import { runnerResources } from '../v1alpha1/pattern.ts';
import { storageClassName, volumeSize } from '../v1alpha1/scalars.ts';
import { autoscaling } from './autoscaling.ts';
import { requestRules } from './autoscaling-rules.ts';
import { backends } from './backend-use.ts';
import { status } from './status.ts';

const label = { maxLength: 40, pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$' };

const {
  affinity,
  nodeSelector,
  tolerations,
  topologySpreadConstraints,
  priorityClassName,
  runtimeClassName,
  ...runner
} = componentFields('the runner');

const placement = Type.Object(
  { affinity, nodeSelector, tolerations, topologySpreadConstraints, priorityClassName, runtimeClassName },
  { description: 'Where the pods run; on different nodes where possible unless it says otherwise.' },
);

const storage = Type.Object(
  {
    size: withDefault(
      volumeSize('Size of the volume. It may grow where the StorageClass allows expansion; it never shrinks.'),
      '1Gi',
    ),
    storageClassName: Type.Optional(
      storageClassName(
        'StorageClass of the volume; the default class unless given. Fixed once the pattern has started.',
      ),
    ),
  },
  {
    description:
      'A volume for each pod of a StatefulSet, or one for the single pod of a Deployment. It stays when the pattern goes, unless deletionPolicy of the cluster is Delete.',
  },
);

/** CEL: whether an autoscaler decides about the number of pods. */
const isScaled = '(has(self.autoscaling) && self.autoscaling.enabled)';

const spec = Type.Object(
  {
    cluster: Type.Optional(
      Type.String({
        ...label,
        description:
          'PrismCluster of the same namespace that it belongs to; the only one of the namespace unless given.',
      }),
    ),
    type: Type.String({ ...label, description: 'Which runner it is, such as keyvalue, consumer or producer.' }),
    workload: withDefault(
      stringEnum(['Deployment', 'StatefulSet'], {
        description: 'Which kind of workload runs it. A change makes the other kind; data does not move between them.',
      }),
      'Deployment',
    ),
    replicas: withDefault(
      Type.Integer({
        minimum: 0,
        maximum: 1000,
        description:
          'Pods there are. With autoscaling only the number to start with. Two consumers of one topic both get every message.',
      }),
      1,
    ),
    backends,
    storage: Type.Optional(storage),
    resources: runnerResources,
    config: Type.Optional(
      freeForm({
        description:
          'Merged over the configuration that the operator renders for the runner, such as behavior: {topic: orders}. No passwords: it is readable by everybody who may read the pattern.',
      }),
    ),
    prismNamespace: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 253,
        description:
          'Namespace of Prism that the runner serves, in its configuration; the name of the pattern unless given.',
      }),
    ),
    autoscaling: Type.Optional(autoscaling),
    placement: Type.Optional(placement),
    ...runner,
  },
  {
    description: 'The pattern as it should be.',
    rules: [
      rule(
        `!has(self.storage) || self.workload == 'StatefulSet' || (${isScaled} ? self.autoscaling.maxReplicas <= 1 : self.replicas <= 1)`,
        'shares its one volume among all pods of a Deployment: with workload StatefulSet each has its own, or let there be 1 pod at most',
        { fieldPath: '.storage' },
      ),
      ...requestRules({ cpu: 'targetCPU', memory: 'targetMemory' }),
    ],
  },
);

/** One pattern runner of a Prism deployment: the kind, its schema, defaults and validation. */
export const PrismPattern = customResource({
  group: 'prism.io',
  version: 'v1beta1',
  kind: 'PrismPattern',
  plural: 'prismpatterns',
  shortNames: ['ppattern'],
  categories: ['all'],
  namespaced: true,
  description: 'One pattern runner of a Prism cluster, with its own scaling, placement and use of backends.',
  spec,
  status,
  printerColumns: [
    { name: 'Type', type: 'string', jsonPath: '.spec.type' },
    { name: 'Cluster', type: 'string', jsonPath: '.status.cluster' },
    { name: 'Replicas', type: 'integer', jsonPath: '.status.replicas' },
    { name: 'Available', type: 'integer', jsonPath: '.status.availableReplicas' },
    { name: 'Scaler', type: 'string', jsonPath: '.status.scaler' },
    { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    { name: 'Message', type: 'string', jsonPath: ".status.conditions[?(@.type=='Ready')].message", priority: 1 },
  ],
});

/** A pattern as the API server returns it: every field with a default is there. */
export type PrismPattern = ResourceOf<typeof PrismPattern>;

export type PrismPatternSpec = PrismPattern['spec'];
export type PrismPatternStatus = NonNullable<PrismPattern['status']>;

/** What a pattern says of its autoscaler. */
export type Autoscaling = NonNullable<PrismPatternSpec['autoscaling']>;

/** One thing that KEDA asks. */
export type Trigger = NonNullable<Autoscaling['triggers']>[number];

/** What a pattern says of one backend that it uses. */
export type BackendUse = PrismPatternSpec['backends'][number];
