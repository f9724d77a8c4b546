import { customResource, type ResourceOf, rule, stringEnum, Type, withDefault } from '@capstan/crd';
import { auth, endpoint } from './access.ts';
import { dynamicConfig, lookups } from './cluster-settings.ts';
import { ingestion } from './ingestion.ts';
import { operations } from './operations.ts';
import { status } from './status.ts';

/** In CEL: the address of the Druid, empty where the router Service says it. */
function urlIn(spec: 'self' | 'oldSelf'): string {
  return `(has(${spec}.endpoint) && has(${spec}.endpoint.url) ? ${spec}.endpoint.url : '')`;
}

const spec = Type.Object(
  {
    druidCluster: Type.String({
      minLength: 1,
      maxLength: 253,
      description:
        'Name of the Druid cluster in the same namespace: its router Service has the labels druid_cr=<name>, component=router.',
    }),
    suspend: Type.Optional(
      Type.Boolean({
        description:
          'Suspends the supervisor, keeping its offsets; it resumes where it was. Also suspended where the spec itself says "suspended": true. A task is stopped, and another one starts afterwards.',
      }),
    ),
    ingestion,
    auth: Type.Optional(auth),
    endpoint: Type.Optional(endpoint),
    operations: Type.Optional(operations),
    lookups: Type.Optional(lookups),
    dynamicConfig: Type.Optional(dynamicConfig),
    deletionPolicy: withDefault(
      stringEnum(['Terminate', 'Suspend', 'Retain'], {
        description:
          'What becomes of the ingestion when this resource is deleted. Terminate: it ends, rules, compaction and lookups made by this resource go, and dynamic configuration is put back. Suspend: the supervisor stays, suspended. Retain: Druid is not asked.',
      }),
      'Terminate',
    ),
  },
  {
    description: 'The ingestion as it should be.',
    rules: [
      rule(
        'self.druidCluster == oldSelf.druidCluster',
        'cannot be changed: the supervisor would stay behind in the other cluster. Delete this resource and make another one',
        { fieldPath: '.druidCluster', reason: 'FieldValueForbidden' },
      ),
      rule(
        `${urlIn('self')} == ${urlIn('oldSelf')}`,
        'endpoint.url cannot be changed, added or removed: the supervisor would stay behind in the other Druid. Delete this resource and make another one',
        { fieldPath: '.endpoint', reason: 'FieldValueForbidden' },
      ),
    ],
  },
);

/** An ingestion into Druid: a supervisor or a task, and what belongs to its data source. */
export const DruidIngestion = customResource({
  group: 'druid.apache.org',
  version: 'v1alpha1',
  kind: 'DruidIngestion',
  plural: 'druidingestions',
  namespaced: true,
  description:
    'An ingestion into Apache Druid: a supervisor or a task, with retention rules and compaction of its data source.',
  spec,
  status,
  printerColumns: [
    { name: 'Type', type: 'string', jsonPath: '.spec.ingestion.type' },
    { name: 'Id', type: 'string', jsonPath: '.status.id' },
    { name: 'State', type: 'string', jsonPath: '.status.state' },
    { name: 'Suspended', type: 'string', jsonPath: ".status.conditions[?(@.type=='Suspended')].status" },
    { name: 'Lag', type: 'integer', jsonPath: '.status.lag' },
    { name: 'Ready', type: 'string', jsonPath: ".status.conditions[?(@.type=='Ready')].status" },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    { name: 'Reason', type: 'string', jsonPath: ".status.conditions[?(@.type=='Ready')].reason", priority: 1 },
    { name: 'Message', type: 'string', jsonPath: ".status.conditions[?(@.type=='Ready')].message", priority: 1 },
  ],
});

/** An ingestion as the API server returns it: every field with a default is there. */
export type DruidIngestion = ResourceOf<typeof DruidIngestion>;

export type DruidIngestionSpec = DruidIngestion['spec'];
export type DruidIngestionStatus = NonNullable<DruidIngestion['status']>;
