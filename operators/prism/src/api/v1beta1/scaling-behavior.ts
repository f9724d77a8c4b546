import { quantity, stringEnum, Type } from '@capstan/crd';

const policy = Type.Object(
  {
    type: stringEnum(['Pods', 'Percent'], { description: 'What value counts.' }),
    value: Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'How much may change in a period.' }),
    periodSeconds: Type.Integer({ minimum: 1, maximum: 1800, description: 'Length of a period in seconds.' }),
  },
  { description: 'A limit of change.' },
);

const direction = (description: string) =>
  Type.Optional(
    Type.Object(
      {
        stabilizationWindowSeconds: Type.Optional(
          Type.Integer({
            minimum: 0,
            maximum: 3600,
            description: 'Seconds of recommendations that are looked back on.',
          }),
        ),
        selectPolicy: Type.Optional(
          stringEnum(['Max', 'Min', 'Disabled'], { description: 'Which of several policies counts.' }),
        ),
        policies: Type.Optional(Type.Array(policy, { maxItems: 16, description: 'Limits of change.' })),
        tolerance: Type.Optional(
          quantity({
            maxLength: 32,
            description: 'Deviation from the target that changes nothing, such as 100m for 0.1.',
          }),
        ),
      },
      { description },
    ),
  );

/** How fast pods may come and go; as in a HorizontalPodAutoscaler. */
export const behavior = Type.Object(
  { scaleUp: direction('How pods are added.'), scaleDown: direction('How pods are taken away.') },
  { description: 'How fast pods may come and go; KEDA passes it on to the HorizontalPodAutoscaler that it makes.' },
);
