import { customResource, k8s, type ResourceOf, stringMap, Type, withDefault } from '@capstan/crd';

/**
 * What users write, and what they are told. The TypeScript type, the CustomResourceDefinition, the defaults and the
 * validation all come from here.
 */
export const SampleApp = customResource({
  group: 'sample.example.dev',
  version: 'v1alpha1',
  kind: 'SampleApp',
  plural: 'sampleapps',
  description: 'A sample app: pods that serve, their settings, and one address.',
  name: Type.String({
    maxLength: 50,
    pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$',
    description: 'Name of the sample app and of its Service: a letter, then lower-case letters, digits and dashes.',
  }),
  spec: Type.Object(
    {
      image: Type.String({
        minLength: 1,
        maxLength: 500,
        description: 'The image that serves; it must not need root.',
      }),
      replicas: withDefault(Type.Integer({ minimum: 0, maximum: 100, description: 'How many pods serve.' }), 1),
      port: withDefault(
        Type.Integer({ minimum: 1024, maximum: 65_535, description: 'The port that the image listens on.' }),
        8080,
      ),
      settings: withDefault(
        stringMap({
          maxProperties: 100,
          description: 'Settings by name; each is an environment variable of the pods.',
        }),
        {},
      ),
    },
    { description: 'The sample app as it should be.' },
  ),
  status: Type.Object({
    observedGeneration: Type.Optional(
      Type.Integer({ description: 'The generation of the spec that this status is about.' }),
    ),
    readyReplicas: Type.Optional(Type.Integer({ description: 'How many pods serve now.' })),
    conditions: Type.Optional(k8s.conditions({ maxItems: 16, description: 'What is true of it, and why.' })),
  }),
  printerColumns: [
    { name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas' },
    { name: 'Ready', type: 'integer', jsonPath: '.status.readyReplicas' },
    { name: 'Reason', type: 'string', jsonPath: ".status.conditions[?(@.type=='Ready')].reason" },
  ],
});
export type SampleApp = ResourceOf<typeof SampleApp>;
