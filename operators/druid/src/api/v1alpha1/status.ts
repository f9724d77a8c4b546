import { freeForm, k8s, stringEnum, Type } from '@capstan/crd';
import { ownDynamicConfig, ownLookups } from './cluster-settings.ts';
import { operationNames, operationStates } from './operations.ts';

const text = (description: string) => Type.Optional(Type.String({ description }));

const recentErrors = Type.Array(
  Type.Object(
    {
      timestamp: Type.String({ description: 'When, as Druid says.' }),
      message: Type.String({ description: 'What went wrong, shortened.' }),
    },
    { description: 'One error.' },
  ),
  { maxItems: 5, description: 'The last errors that Druid reports, newest first.' },
);

const operation = Type.Object(
  {
    name: stringEnum(operationNames, { description: 'Which operation.' }),
    nonce: Type.String({ description: 'The nonce it was carried out for.' }),
    state: stringEnum(operationStates, {
      description:
        'Started: it is being done. Done. Failed: Druid would not. Unknown: no answer came, and it is not tried again; look, and use another nonce. Skipped: it was there before the supervisor was taken up.',
    }),
    time: Type.String({ format: 'date-time', description: 'When it came to that.' }),
    message: text('Why it failed.'),
    formerNonces: Type.Optional(
      Type.Array(Type.String(), {
        maxItems: 32,
        description: 'Nonces that it was asked for by before, the last ones; none of them counts again.',
      }),
    ),
  },
  { description: 'What became of one operation.' },
);

/** The status fields of the first Druid operator, for those who read them. */
const former = {
  taskId: text('Same as id, for readers of the first Druid operator.'),
  'currentIngestionSpec.json': text(
    'The spec that Druid last took, as JSON text; references to Secrets are not put in.',
  ),
  type: text(
    'What last happened, in the words of the first Druid operator: DruidIngestionControllerCreateSuccess and the like. The kind of ingestion is in ingestionType.',
  ),
  status: text('True or False: whether that succeeded.'),
  reason: text('Reason of condition Ready.'),
  message: text('Message of condition Ready.'),
  lastUpdateTime: Type.Optional(Type.String({ format: 'date-time', description: 'When these fields last changed.' })),
  rules: Type.Optional(
    Type.Array(freeForm({ description: 'One rule.' }), { description: 'The retention rules that Druid last took.' }),
  ),
};

/** What the operator reports. Everything is optional, because a refused ingestion may never have had any of it. */
export const status = Type.Object(
  {
    conditions: Type.Optional(k8s.conditions({ maxItems: 32, description: 'What is true of the ingestion, and why.' })),
    observedGeneration: Type.Optional(
      Type.Integer({ description: 'Generation of the spec that was last carried out, or refused.' }),
    ),
    id: text('Id of the supervisor or task in Druid.'),
    formerIds: Type.Optional(
      Type.Array(Type.String(), {
        maxItems: 32,
        description: 'Supervisors of former data sources or ids that are still to be terminated.',
      }),
    ),
    submitting: Type.Optional(
      Type.Object(
        {
          ids: Type.Array(Type.String(), { maxItems: 32, description: 'What their ids may be.' }),
          since: Type.String({ format: 'date-time', description: 'When Druid was last asked for one.' }),
        },
        { description: 'Supervisors that Druid was asked for and may have, while it is not known which.' },
      ),
    ),
    endpointUrl: text(
      'spec.endpoint.url of the Druid that has the ingestion; absent: the router of spec.druidCluster.',
    ),
    clusterSeen: Type.Optional(
      Type.Boolean({
        description:
          'Whether there was a Druid resource of that cluster; only then does its absence say that it has gone.',
      }),
    ),
    ingestionType: text('What Druid has of it: kafka, index_parallel, sql ...'),
    dataSource: text('The data source that it writes to in Druid.'),
    state: text('State of the supervisor or task, in the words of Druid.'),
    detailedState: text('The same in more detail.'),
    lag: Type.Optional(Type.Integer({ description: 'Records that are not read yet, over all partitions.' })),
    recentErrors: Type.Optional(recentErrors),
    lastHttpStatus: Type.Optional(Type.Integer({ description: 'HTTP status of the last answer of Druid.' })),
    lastGoodSpecHash: text(
      'SHA-256 of the spec that Druid last took, references not put in; the spec is in the ConfigMap of the same hash.',
    ),
    refusedSpec: Type.Optional(
      Type.Object(
        {
          hash: Type.String({ description: 'SHA-256 of the spec.' }),
          message: Type.String({ description: 'What Druid says is wrong with it, shortened.' }),
        },
        { description: 'The spec that Druid refused; it is not sent again until it is another one.' },
      ),
    ),
    refusedLastGoodHash: text('SHA-256 of the last good spec, where Druid would not take even that one again.'),
    lastRepairTime: Type.Optional(
      Type.String({
        format: 'date-time',
        description: 'When something that others had changed in Druid was last put right.',
      }),
    ),
    submittingHash: text('SHA-256 of the spec that a task is being made of; absent once Druid has taken it.'),
    submissions: Type.Optional(
      Type.Integer({ description: 'How many tasks Druid was asked for; the last part of the id of the last one.' }),
    ),
    rulesDataSource: text('Data source whose retention rules in Druid are ours to remove.'),
    rulesHash: text('SHA-256 of these rules, as Druid showed them when they were set; others are left alone.'),
    compactionDataSource: text('Data source whose compaction in Druid is ours to remove.'),
    compactionHash: text('SHA-256 of that compaction, as Druid showed it when it was set; another one is left alone.'),
    lookups: Type.Optional(ownLookups),
    dynamicConfig: Type.Optional(ownDynamicConfig),
    operations: Type.Optional(
      Type.Array(operation, { maxItems: 3, description: 'The last of each of the operations that are done once.' }),
    ),
    ...former,
  },
  { description: 'What the operator last saw and did.' },
);
