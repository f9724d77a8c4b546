import { k8s, quantity, stringEnum, Type } from '@capstan/crd';

const target = Type.Object(
  {
    type: stringEnum(['Utilization', 'Value', 'AverageValue'], { description: 'How the value is understood.' }),
    averageUtilization: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100_000,
        description: 'Percent of what is requested, averaged over the pods.',
      }),
    ),
    averageValue: Type.Optional(quantity({ maxLength: 32, description: 'Value for each pod.' })),
    value: Type.Optional(quantity({ maxLength: 32, description: 'Value as a whole.' })),
  },
  { description: 'What is aimed at.' },
);

const text = (description: string) => Type.String({ minLength: 1, maxLength: 253, description });

const metric = Type.Object(
  {
    name: text('Name of the metric.'),
    selector: Type.Optional(k8s.labelSelector({ description: 'Labels that its series have.' })),
  },
  { description: 'Which metric.' },
);

const describedObject = Type.Object(
  {
    apiVersion: Type.Optional(text('API version of the object.')),
    kind: text('Kind of the object.'),
    name: text('Name of the object.'),
  },
  { description: 'The object that is measured.' },
);

const source = <Fields extends Parameters<typeof Type.Object>[0]>(fields: Fields, description: string) =>
  Type.Optional(Type.Object(fields, { description }));

/** One measure of a HorizontalPodAutoscaler besides CPU and memory. */
const metricSpec = Type.Object(
  {
    type: stringEnum(['Resource', 'ContainerResource', 'Pods', 'Object', 'External'], {
      description: 'Which of the fields below says what is measured.',
    }),
    resource: source({ name: text('cpu or memory.'), target }, 'What the pods use.'),
    containerResource: source(
      { name: text('cpu or memory.'), container: text('Container of the pods.'), target },
      'What one container of the pods uses.',
    ),
    pods: source({ metric, target }, 'A metric of the pods, averaged.'),
    object: source({ describedObject, metric, target }, 'A metric of one object.'),
    external: source({ metric, target }, 'A metric from outside the cluster.'),
  },
  { description: 'A measure.' },
);

/** Measures of the HorizontalPodAutoscaler besides the two targets. */
export const metrics = Type.Array(metricSpec, {
  maxItems: 16,
  description:
    'Other measures of the HorizontalPodAutoscaler; with scaler keda they have no effect (condition WithoutEffect).',
});
