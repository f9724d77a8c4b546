import { k8s, stringEnum, Type } from '@capstan/crd';

const phases = ['Pending', 'Creating', 'Running', 'Updating', 'Degraded', 'Failed'] as const;

/** A one-word summary for people; the conditions say why. */
export type Phase = (typeof phases)[number];

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
      Type.Integer({ description: 'Brokers at the first start. Raft membership is fixed at this size.' }),
    ),
    replicas: Type.Optional(Type.Integer({ description: 'Broker pods there are.' })),
    readyReplicas: Type.Optional(Type.Integer({ description: 'Broker pods that accept clients.' })),
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
  },
  { description: 'What the operator last saw and did.' },
);
