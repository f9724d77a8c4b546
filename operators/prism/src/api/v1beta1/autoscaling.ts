import { stringEnum, Type, withDefault } from '@capstan/crd';
import { boundRules } from './autoscaling-rules.ts';
import { behavior } from './scaling-behavior.ts';
import { metrics } from './scaling-metrics.ts';
import { triggers } from './triggers.ts';

const percent = (of: string) =>
  Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      description: `Average ${of} in percent of what is requested that is aimed at.`,
    }),
  );

const seconds = (maximum: number, description: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum, description }));

/** Who decides how many pods there are. */
export const autoscaling = Type.Object(
  {
    enabled: withDefault(Type.Boolean({ description: 'Leave the number of pods to an autoscaler.' }), true),
    scaler: Type.Optional(
      stringEnum(['hpa', 'keda'], {
        description:
          'Who scales: hpa, a HorizontalPodAutoscaler; keda, a ScaledObject, which needs KEDA. keda with triggers and hpa without, unless given.',
      }),
    ),
    minReplicas: withDefault(
      Type.Integer({ minimum: 0, maximum: 1000, description: 'The fewest pods there are; 0 with KEDA only.' }),
      1,
    ),
    maxReplicas: withDefault(Type.Integer({ minimum: 1, maximum: 1000, description: 'The most pods there are.' }), 10),
    targetCPU: percent('CPU'),
    targetMemory: percent('memory'),
    metrics: Type.Optional(metrics),
    behavior: Type.Optional(behavior),
    triggers: Type.Optional(triggers),
    pollingInterval: seconds(86_400, 'Seconds between two questions of KEDA; 30 unless given.'),
    cooldownPeriod: seconds(604_800, 'Seconds without work before KEDA goes down to none; 300 unless given.'),
  },
  {
    description:
      'Lets a HorizontalPodAutoscaler or KEDA decide how many pods there are. An hpa without any measure aims at 80 percent of the requested CPU.',
    rules: boundRules({ cpu: 'targetCPU', memory: 'targetMemory' }),
  },
);
