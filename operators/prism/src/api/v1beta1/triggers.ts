import { mapOf, rule, stringEnum, Type } from '@capstan/crd';

const objectName = { minLength: 1, maxLength: 253, pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$' };

/** The most characters that a value of `metadata` may have, in every version: one that is longer could not be converted. */
export const longestValue = 4096;

const authenticationRef = Type.Object(
  {
    name: Type.String({ ...objectName, description: 'Name of the object.' }),
    kind: Type.Optional(
      stringEnum(['TriggerAuthentication', 'ClusterTriggerAuthentication'], {
        description:
          'Kind of the object; TriggerAuthentication unless given, and refused if it is another one: credentials for all namespaces would go wherever the trigger says.',
      }),
    ),
  },
  {
    description:
      "Where KEDA has the credentials from. Left out where the trigger asks a backend of the cluster, the cluster's own are used.",
  },
);

const trigger = Type.Object(
  {
    type: Type.String({
      maxLength: 63,
      pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
      description:
        "Type of KEDA's scaler, such as kafka, nats-jetstream, redis, rabbitmq, aws-sqs-queue or postgresql.",
    }),
    name: Type.Optional(Type.String({ maxLength: 63, description: 'Name of the trigger; unique.' })),
    metadata: mapOf(Type.String({ maxLength: longestValue }), {
      maxProperties: 64,
      description:
        'What it asks, in the words of KEDA. Addresses of backends of the cluster are filled in where they are left out. No passwords: name them in authenticationRef.',
    }),
    metricType: Type.Optional(
      stringEnum(['AverageValue', 'Value', 'Utilization'], { description: 'How its value is understood.' }),
    ),
    useCachedMetrics: Type.Optional(
      Type.Boolean({ description: 'Ask once in each pollingInterval, and answer from memory between.' }),
    ),
    authenticationRef: Type.Optional(authenticationRef),
  },
  { description: 'One thing that KEDA asks whether there is work.' },
);

/** What KEDA asks whether there is work. */
export const triggers = Type.Array(trigger, {
  maxItems: 32,
  description: 'What KEDA asks; the trigger that asks for the most pods wins.',
  rules: [
    rule(
      'self.all(t, !has(t.name) || self.exists_one(u, has(u.name) && u.name == t.name))',
      'must have names that differ: KEDA tells triggers apart by them',
    ),
  ],
});
