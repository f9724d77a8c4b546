import { DruidIngestion } from '@capstan/druid-operator';
import type { CustomResourceDefinition, Draft, KubeClient, KubeObject, ResourceType } from '@capstan/kube';
import type { FakeDruid } from '@capstan/testkit';

type Version = CustomResourceDefinition['spec']['versions'][number];
type Schema = NonNullable<NonNullable<Version['schema']>['openAPIV3Schema']>;

const text: Schema = { type: 'string' };
const anything: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

function object(properties: Readonly<Record<string, Schema>>, ...required: readonly string[]): Schema {
  return { type: 'object', properties, ...(required.length > 0 && { required: [...required] }) };
}

const list = (items: Schema): Schema => ({ type: 'array', items });

const secretRef: Schema = { ...object({ name: text, namespace: text }), 'x-kubernetes-map-type': 'atomic' };

const schema: Schema = object({
  apiVersion: text,
  kind: text,
  metadata: { type: 'object' },
  spec: object(
    {
      druidCluster: text,
      suspend: { type: 'boolean' },
      ingestion: object(
        { type: text, spec: text, nativeSpec: anything, compaction: anything, rules: list(anything) },
        'type',
      ),
      auth: object({ type: text, secretRef, usernameKey: text, passwordKey: text }, 'type', 'secretRef'),
    },
    'druidCluster',
    'ingestion',
  ),
  status: object(
    {
      taskId: text,
      'currentIngestionSpec.json': text,
      rules: list(anything),
      ...{ type: text, status: text, reason: text, message: text },
      lastUpdateTime: { type: 'string', format: 'date-time' },
    },
    'taskId',
    'currentIngestionSpec.json',
  ),
});

const { group, version, kind, plural } = DruidIngestion;

/** The kind as the first Druid operator installed it. */
export const originalDefinition = {
  ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
  metadata: { name: `${plural}.${group}` },
  spec: {
    ...{ group, scope: 'Namespaced' },
    names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
    versions: [
      {
        ...{ name: version, served: true, storage: true, schema: { openAPIV3Schema: schema } },
        subresources: { status: {} },
        additionalPrinterColumns: [
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
          { name: 'Type', type: 'string', jsonPath: '.spec.ingestionSpec.type' },
        ],
      },
    ],
  },
};

/** What a user wrote for the first Druid operator. */
export interface OriginalSpec {
  readonly druidCluster: string;
  readonly suspend?: boolean;
  readonly ingestion: {
    readonly type: string;
    readonly spec?: string;
    readonly nativeSpec?: object;
    readonly compaction?: object;
    readonly rules?: readonly object[];
  };
  readonly auth?: {
    readonly type: string;
    readonly secretRef: { readonly name: string; readonly namespace?: string };
  };
}

interface OriginalIngestion extends KubeObject {
  readonly spec: OriginalSpec;
  readonly status?: object;
}

const OriginalIngestion: ResourceType<OriginalIngestion> = { group, version, kind, plural, namespaced: true };

/** Field manager of a Go binary called `manager` that sends whole objects. */
const asOriginal = { fieldManager: 'manager' } as const;

const originalFinalizer = 'druidingestion.datainfra.io/finalizer';

/** Which resource, and what its user wrote. */
export interface OriginalOrder {
  readonly namespace: string;
  readonly name: string;
  readonly spec: OriginalSpec;
}

/** The resource of a user that the first operator has not looked at, or could make nothing of. */
export function writtenForTheOriginal(
  client: KubeClient,
  { namespace, name, spec }: OriginalOrder,
): Promise<OriginalIngestion> {
  const metadata = { namespace, name };
  const wanted: Draft<OriginalIngestion> = { apiVersion: `${group}/${version}`, kind, metadata, spec };
  return client.create(OriginalIngestion, wanted, { fieldManager: 'kubectl-client-side-apply' });
}

/**
 * Does what the user and the first operator did for one ingestion: the spec in Druid, then compaction and rules, the status, and
 * the finalizer at last. The CRD must be the original's.
 *
 * @param status over what that operator noted
 * @returns the id that Druid gave
 */
export async function madeByTheOriginal(
  client: KubeClient,
  druid: FakeDruid,
  order: OriginalOrder,
  status: object = {},
): Promise<string> {
  const created = await writtenForTheOriginal(client, order);
  const { type, rules = [], compaction } = created.spec.ingestion;
  const sent = sentOf(created.spec);
  const answer = await post(druid, `indexer/v1/${type === 'kafka' ? 'supervisor' : 'task'}`, sent);
  const { id, task = id } = JSON.parse(answer) as { readonly id?: string; readonly task?: string }; // as Druid answers
  const { dataSource } = (JSON.parse(sent) as SentSpec).spec.dataSchema;
  if (compaction !== undefined)
    await post(druid, 'coordinator/v1/config/compaction', JSON.stringify({ ...compaction, dataSource }));
  if (rules.length > 0) await post(druid, `coordinator/v1/rules/${dataSource}`, JSON.stringify(rules));
  const noted = { ...statusOf(task ?? '', sent, answer), ...(rules.length > 0 && { rules }), ...status };
  const reported = { ...created, status: noted };
  const before = await client.replace(OriginalIngestion, reported, { ...asOriginal, subresource: 'status' });
  const held = { ...before, metadata: { ...before.metadata, finalizers: [originalFinalizer] } };
  await client.replace(OriginalIngestion, held, asOriginal);
  return task ?? '';
}

/** As far as the first operator looked into a spec. */
interface SentSpec {
  readonly spec: { readonly dataSchema: { readonly dataSource: string } };
}

function sentOf({ ingestion: { nativeSpec, spec = '' } }: OriginalSpec): string {
  return nativeSpec === undefined ? spec : JSON.stringify(nativeSpec);
}

async function post(druid: FakeDruid, path: string, body: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${druid.url}/druid/${path}`, { method: 'POST', headers, body });
  const answer = await response.text();
  if (!response.ok) throw new Error(`Druid answered ${response.status} to ${path}: ${answer}`);
  return answer;
}

/** Without compaction each success was noted as a failure. */
function statusOf(taskId: string, sent: string, answer: string): object {
  const word = 'DruidIngestionControllerCreateFail';
  return {
    ...{ taskId, 'currentIngestionSpec.json': sent, type: word, status: 'True', reason: answer, message: word },
    lastUpdateTime: '2025-01-01T00:00:00Z',
  };
}
