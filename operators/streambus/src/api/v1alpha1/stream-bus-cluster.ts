import { customResource, k8s, type ResourceOf, Type, withDefault } from '@capstan/crd';
import { config, portRules } from './config.ts';
import { image } from './image.ts';
import { multiTenancy } from './multi-tenancy.ts';
import { observability } from './observability.ts';
import { placement } from './placement.ts';
import { raft } from './raft.ts';
import { rulesOfChange } from './rules-of-change.ts';
import { security } from './security.ts';
import { status } from './status.ts';
import { storage } from './storage.ts';

/** Names of pods and Services are made from it, and a label of at most 63 characters holds it with a revision hash. */
const name = Type.String({
  maxLength: 50,
  pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$',
  description: 'Name of the cluster and of its client Service: a letter, then lower-case letters, digits and dashes.',
});

/** With more brokers than this the configuration files of all of them may not fit into one ConfigMap. */
const mostReplicas = 50;

const spec = Type.Object(
  {
    replicas: withDefault(
      Type.Integer({
        minimum: 1,
        maximum: mostReplicas,
        description:
          'Number of brokers; an odd number keeps the quorum with the fewest brokers. Fixed once the cluster has started unless spec.raft.membership is Dynamic, because the broker cannot change its raft membership. Docs: docs/streambus.md, Another number of brokers.',
      }),
      3,
    ),
    version: withDefault(
      Type.String({
        maxLength: 64,
        description:
          'StreamBus version for people to read. No effect: image.tag decides. Listed in condition UnsupportedFields where set.',
      }),
      'latest',
    ),
    image,
    resources: withDefault(
      k8s.resourceRequirements({
        description:
          'Compute resources of each broker. Without a CPU limit, because a throttled broker loses elections.',
      }),
      {
        requests: { cpu: '50m', memory: '64Mi' },
        limits: { memory: '512Mi' },
      },
    ),
    storage,
    raft,
    config,
    security,
    multiTenancy,
    observability,
    ...placement,
  },
  { description: 'The cluster as it should be.', rules: portRules },
);

/** A cluster of StreamBus brokers: the kind, its schema, defaults and validation. */
export const StreamBusCluster = customResource({
  group: 'streambus.io',
  version: 'v1alpha1',
  kind: 'StreamBusCluster',
  plural: 'streambusclusters',
  shortNames: ['sbc', 'streambus'],
  categories: ['all'],
  namespaced: true,
  description:
    'A cluster of StreamBus brokers with persistent volumes. The brokers elect a leader among them; they do not copy messages to each other.',
  name,
  spec,
  status,
  rules: rulesOfChange,
  scale: {
    specReplicasPath: '.spec.replicas',
    statusReplicasPath: '.status.replicas',
    labelSelectorPath: '.status.selector',
  },
  printerColumns: [
    { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
    { name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas' },
    { name: 'Ready', type: 'integer', jsonPath: '.status.readyReplicas' },
    { name: 'Tag', type: 'string', jsonPath: '.spec.image.tag' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    { name: 'Reason', type: 'string', jsonPath: ".status.conditions[?(@.type=='Ready')].reason", priority: 1 },
    { name: 'Message', type: 'string', jsonPath: ".status.conditions[?(@.type=='Ready')].message", priority: 1 },
  ],
});

/** A cluster as the API server returns it: every field with a default is there. */
export type StreamBusCluster = ResourceOf<typeof StreamBusCluster>;

export type StreamBusClusterSpec = StreamBusCluster['spec'];
export type StreamBusClusterStatus = NonNullable<StreamBusCluster['status']>;
