import { freeForm, k8s, rule, Type } from '@capstan/crd';

const specFrom = Type.Object(
  {
    configMapKeyRef: k8s.configMapKeySelector({
      description: 'Key of a ConfigMap in the same namespace that holds the spec as JSON text.',
    }),
  },
  { description: 'Takes the spec from elsewhere. A change there is carried out like a change here.' },
);

/** What is ingested, and what becomes of the data source. */
export const ingestion = Type.Object(
  {
    type: Type.String({
      minLength: 1,
      maxLength: 64,
      description:
        'Kind of ingestion: kafka, kinesis, rabbit, autocompact, scheduled_batch (supervisors), native-batch (a task), sql. index-hadoop is refused: Druid has dropped it.',
    }),
    spec: Type.Optional(
      Type.String({
        description: `The spec as JSON text, as Druid takes it; for type sql, the statement itself will do. A value may be written \${secret:name/key}: it is put in when the spec is sent, from a Secret of the same namespace.`,
      }),
    ),
    nativeSpec: Type.Optional(
      freeForm({
        description: 'The spec as an object instead of text. Counts where both are given, unless it is empty.',
      }),
    ),
    specFrom: Type.Optional(specFrom),
    compaction: Type.Optional(
      freeForm({
        description:
          'Automatic compaction of the data source, without dataSource. Taken out of the spec, it is taken out of Druid.',
      }),
    ),
    rules: Type.Optional(
      Type.Array(freeForm({ description: 'One retention rule, as Druid takes it.' }), {
        description: 'Retention rules of the data source. Taken out of the spec, they are taken out of Druid.',
      }),
    ),
  },
  {
    description: 'What is ingested.',
    rules: [
      rule(
        'has(self.spec) || has(self.nativeSpec) || has(self.specFrom)',
        'needs one of spec, nativeSpec and specFrom',
        {
          reason: 'FieldValueRequired',
        },
      ),
      rule(
        '!has(self.specFrom) || (!has(self.spec) && !has(self.nativeSpec))',
        'cannot stand beside spec or nativeSpec',
        {
          fieldPath: '.specFrom',
          reason: 'FieldValueForbidden',
        },
      ),
      rule(
        "self.type != 'index-hadoop'",
        'cannot be index-hadoop: Druid has dropped ingestion by Hadoop; use native-batch or sql',
        { fieldPath: '.type', reason: 'FieldValueForbidden' },
      ),
    ],
  },
);
