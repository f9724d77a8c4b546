import {
  ApiError,
  type KubeClient,
  type KubeObject,
  Namespace,
  type ObjectRef,
  type ResourceType,
} from '@capstan/kube';
import type { Resource } from '../controller/reconciler.ts';
import { fieldOf, isRecord } from '../engine/json-value.ts';
import { Access } from './access.ts';
import { mergePatch } from './merge-patch.ts';

/** A field that the kind's own schema refuses. */
export interface FieldViolation {
  /** Such as `spec.replicas`; empty for the object as a whole. */
  readonly path: string;
  readonly message: string;
}

/** What applying a file would make of the resource: the resource, or why it would not be taken. */
export type AsApplied =
  | {
      readonly resource: Resource;
      /** As it is now; absent when it would be created. */
      readonly live?: Resource;
      /** Whether the API server's dry run filled in and admitted it, or the schema alone did. */
      readonly basis: 'server' | 'comparison';
      readonly notes: readonly string[];
    }
  | { readonly violations: readonly FieldViolation[] };

/** A kind as `customResource` of `@capstan/crd` makes it; others have no schema to go by. */
interface SchemaKind {
  withDefaults(object: object): object;
  validate(object: object, old?: object): readonly FieldViolation[];
  unknownFields(object: object): readonly string[];
}

/** Kept by `kubectl apply` so that it can tell what was taken out of a file. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * The resource as it would be after `kubectl apply` of a file: validated by the kind's own schema, then by a dry run where
 * the client may do one. Fields that were in the file the last time and are not now, go.
 *
 * @param draft of the kind's version, with a name and, for a namespaced kind, a namespace
 * @throws {ApiError} for refusals of other kinds than an invalid object, and when reading is not allowed
 */
export async function asApplied(
  kind: ResourceType,
  draft: KubeObject,
  client: KubeClient | undefined,
): Promise<AsApplied> {
  const wanted = appliedPart(draft);
  const { live, note } = client === undefined ? {} : await liveOf(kind, draft.metadata, client);
  const patch = live && threeWayPatch(lastAppliedOf(live), wanted);
  const merged = live === undefined ? wanted : mergePatch(live, patch);
  const violations = violationsOf(kind, wanted, merged, live);
  if (violations.length > 0) return { violations };
  // Merging a patch into an object of the kind, or taking the file as it is, gives an object of the kind.
  const local = withDefaults(kind, merged) as Resource;
  const found = { ...(live !== undefined && { live }) };
  if (client === undefined || note !== undefined)
    return { ...found, resource: local, basis: 'comparison', notes: note === undefined ? [] : [note] };
  try {
    return { ...found, resource: await dryRun(kind, wanted, { live, patch, client }), basis: 'server', notes: [] };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.isInvalid || error.status === 400) return { violations: refusalsIn(error) };
    const reason = await obstacle(error, kind, draft.metadata, client);
    if (reason === undefined) return { violations: refusalsIn(error) };
    return { ...found, resource: local, basis: 'comparison', notes: [reason] };
  }
}

interface Against {
  readonly live: Resource | undefined;
  readonly patch: object | undefined;
  readonly client: KubeClient;
}

/** As whoever applied it last did: by `kubectl apply`, by server-side apply under the same name, or for the first time. */
async function dryRun(kind: ResourceType, wanted: KubeObject, { live, patch, client }: Against): Promise<Resource> {
  const write = { dryRun: true, fieldManager: 'kubectl' } as const;
  // The server answers with an object of the kind it was asked about.
  const answer = (object: KubeObject) => object as Resource;
  if (live === undefined) return answer(await client.create(kind, wanted, write));
  const manager = lastAppliedOf(live) === undefined ? applyManagerOf(live) : undefined;
  if (manager !== undefined)
    return answer(await client.apply(kind, wanted, { ...write, fieldManager: manager, force: true }));
  return answer(await client.patch(kind, wanted.metadata, { kind: 'merge', body: patch ?? wanted }, write));
}

async function liveOf(
  kind: ResourceType,
  { namespace, name }: ObjectRef,
  client: KubeClient,
): Promise<{ readonly live?: Resource; readonly note?: string }> {
  try {
    const live = await client.get(kind, { namespace, name });
    // The server answers with an object of the kind it was asked for.
    return live === undefined ? {} : { live: live as Resource };
  } catch (error) {
    if (!(error instanceof ApiError) || !error.isNotFound) throw error;
    return { note: `the cluster does not serve ${kind.kind} of ${kind.group}/${kind.version}: is its CRD installed?` };
  }
}

/** Why the dry run could not be made, where that says nothing of the resource. */
async function obstacle(
  error: ApiError,
  kind: ResourceType,
  { namespace }: ObjectRef,
  client: KubeClient,
): Promise<string | undefined> {
  if (error.status === 403) {
    const access = new Access(client);
    const isAllowed = await Promise.all([
      access.allows('create', kind, namespace),
      access.allows('patch', kind, namespace),
    ]);
    if (isAllowed.every(Boolean)) return undefined;
    return `you may not write ${kind.plural}, which a dry run needs: defaults and checks come from the schema alone`;
  }
  if (!error.isNotFound || namespace === undefined) return undefined;
  if ((await client.get(Namespace, { name: namespace }, { metadataOnly: true })) !== undefined) return undefined;
  return `namespace ${namespace} does not exist: defaults and checks come from the schema alone`;
}

function refusalsIn({ causes, serverMessage }: ApiError): readonly FieldViolation[] {
  if (causes.length === 0) return [{ path: '', message: serverMessage }];
  return causes.map(({ field = '', message = serverMessage }) => ({ path: field, message }));
}

function violationsOf(
  kind: ResourceType,
  wanted: object,
  merged: unknown,
  live: Resource | undefined,
): readonly FieldViolation[] {
  if (!isSchemaKind(kind) || !isRecord(merged)) return [];
  const unknown = kind
    .unknownFields(wanted)
    .map((path) => ({ path, message: `there is no such field in ${kind.kind}` }));
  return unknown.length > 0 ? unknown : kind.validate(merged, live);
}

function withDefaults(kind: ResourceType, object: unknown): unknown {
  return isSchemaKind(kind) && isRecord(object) ? kind.withDefaults(object) : object;
}

function isSchemaKind(kind: ResourceType): kind is ResourceType & SchemaKind {
  return ['withDefaults', 'validate', 'unknownFields'].every((name) => typeof fieldOf(kind, name) === 'function');
}

/** What only the server writes: a file that was read from a cluster has it, and it is not applied. */
const serverWritten: ReadonlySet<string> = new Set([
  'creationTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
]);

/** The part of a file that is applied: a status is a subresource. */
function appliedPart<T extends KubeObject>(draft: T): KubeObject {
  const { status: _status, metadata, ...rest } = { status: undefined, ...draft };
  const own = Object.entries(metadata).filter(([key]) => !serverWritten.has(key));
  return { ...rest, metadata: { ...Object.fromEntries(own), name: metadata.name } };
}

function lastAppliedOf({ metadata }: Resource): unknown {
  const text = metadata.annotations?.[lastApplied];
  return text === undefined ? undefined : JSON.parse(text);
}

/** Whoever applied the spec on the server side; of several, `kubectl`. */
function applyManagerOf({ metadata: { managedFields = [] } }: Resource): string | undefined {
  const managers = managedFields
    .filter(({ operation, subresource, fieldsV1 }) => {
      return operation === 'Apply' && (subresource ?? '') === '' && fieldOf(fieldsV1, 'f:spec') !== undefined;
    })
    .flatMap(({ manager }) => manager ?? []);
  return managers.includes('kubectl') ? 'kubectl' : managers[0];
}

/** All of the file, and null for what was in it the last time and is not now. */
export function threeWayPatch(before: unknown, wanted: unknown): object {
  const patch = new Map<string, unknown>();
  for (const key of isRecord(before) ? Object.keys(before) : []) if (!hasField(wanted, key)) patch.set(key, null);
  for (const [key, value] of Object.entries(isRecord(wanted) ? wanted : {}))
    patch.set(key, isRecord(value) ? threeWayPatch(fieldOf(before, key), value) : value);
  return Object.fromEntries(patch);
}

function hasField(value: unknown, key: string): boolean {
  return isRecord(value) && Object.hasOwn(value, key);
}
