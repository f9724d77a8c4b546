import { k8s, stringEnum, Type } from '@capstan/crd';

const phases = ['Pending', 'Creating', 'Running', 'Updating', 'Degraded', 'Failed'] as const;

/** A one-word summary for people; the conditions say why. */
export type Phase = (typeof phases)[number];

const reBootstrapSteps = ['Stopping', 'RemovingRaft', 'Starting'] as const;

/** Where a cluster stands that is bootstrapped anew: brokers stop, their raft volumes go, brokers start. */
export type ReBootstrapStep = (typeof reBootstrapSteps)[number];

const reBootstrap = Type.Object(
  {
    from: Type.Integer({ description: 'Brokers before.' }),
    to: Type.Integer({ description: 'Brokers after.' }),
    step: stringEnum(reBootstrapSteps, {
      description:
        'Stopping: brokers stop. RemovingRaft: the claims of their raft volumes go. Starting: brokers start.',
    }),
    startedAt: Type.String({ format: 'date-time', description: 'When it began.' }),
  },
  { description: 'The cluster is being bootstrapped anew with another number of brokers.' },
);

const leaderReplacement = Type.Object(
  {
    leader: Type.String({ description: 'Pod of the leader that was replaced.' }),
    leaderUid: Type.String({ description: 'Which pod of that name it was.' }),
    stuckPod: Type.String({ description: 'Pod that it kept out.' }),
    stuckPodUid: Type.String({ description: 'Which pod of that name it was.' }),
    time: Type.String({ format: 'date-time', description: 'When it was replaced.' }),
  },
  { description: 'The last time a raft leader was replaced because it kept a broker out.' },
);

/** What the operator reports. Everything is optional, because a refused cluster may never have had any of it. */
export const status = Type.Object(
  {
    phase: Type.Optional(stringEnum(phases, { description: 'Summary of the conditions in one word.' })),
    conditions: Type.Optional(k8s.conditions({ maxItems: 32, description: 'What is true of the cluster, and why.' })),
    observedGeneration: Type.Optional(
      Type.Integer({
        description: 'Generation of the spec that the children were last made to match, or that was refused.',
      }),
    ),
    bootstrapReplicas: Type.Optional(
      Type.Integer({ description: 'Brokers that the raft quorum consists of: those of the first start.' }),
    ),
    largestReplicas: Type.Optional(
      Type.Integer({
        description: 'The largest number of brokers there has been; the volumes of those that went are kept.',
      }),
    ),
    replicas: Type.Optional(Type.Integer({ description: 'Broker pods there are.' })),
    readyReplicas: Type.Optional(Type.Integer({ description: 'Broker pods that accept clients.' })),
    leader: Type.Optional(Type.String({ description: 'Pod of the raft leader, when it was last known.' })),
    endpoints: Type.Optional(
      Type.Array(Type.String(), {
        maxItems: 50,
        description:
          'Address of every broker, host:port. Messages live on the broker that took them, so clients may need one by name.',
      }),
    ),
    selector: Type.Optional(
      Type.String({ description: 'Label selector of the broker pods, for the scale subresource.' }),
    ),
    offeredReplicas: Type.Optional(
      Type.Integer({
        description:
          'Brokers that the cluster may be bootstrapped anew with, as the annotation streambus.io/re-bootstrap-to allows: spec.replicas may be set to it.',
      }),
    ),
    reBootstrap: Type.Optional(reBootstrap),
    leaderReplacement: Type.Optional(leaderReplacement),
  },
  { description: 'What the operator last saw and did.' },
);
