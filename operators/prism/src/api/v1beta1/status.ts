import { k8s, stringEnum, Type } from '@capstan/crd';

const phases = ['Pending', 'Running', 'Degraded', 'Failed'] as const;

/** A one-word summary for people; the conditions say why. */
export type PatternPhase = (typeof phases)[number];

/** Whether a text is one of the phases. */
export function isPatternPhase(text: string | undefined): text is PatternPhase {
  return (phases as readonly (string | undefined)[]).includes(text); // any text may be looked for
}

const count = (description: string) => Type.Optional(Type.Integer({ description }));

/** What the operator reports of a pattern. */
export const status = Type.Object(
  {
    phase: Type.Optional(stringEnum(phases, { description: 'Summary of the conditions in one word.' })),
    conditions: Type.Optional(k8s.conditions({ maxItems: 32, description: 'What is true of the pattern, and why.' })),
    observedGeneration: Type.Optional(
      Type.Integer({ description: 'Generation of the spec that was last acted upon, or refused.' }),
    ),
    cluster: Type.Optional(Type.String({ description: 'The PrismCluster that it belongs to.' })),
    workload: Type.Optional(
      Type.String({ description: 'What runs it, as kind/name: Deployment/orders-keyvalue-runner.' }),
    ),
    scaler: Type.Optional(
      stringEnum(['none', 'hpa', 'keda'], {
        description: 'Who decides how many pods there are; the one that is there.',
      }),
    ),
    replicas: count('Pods there are.'),
    readyReplicas: count('Pods that are ready.'),
    availableReplicas: count('Pods that are available.'),
  },
  { description: 'What the operator last saw and did.' },
);
