import type { Draft, KubeObject } from '@capstan/kube';
import { type Hash64, hash64 } from './hash64.ts';
import { canonicalJson, isRecord } from './json-value.ts';

/** The names under which an operator marks and owns what it applies. Changing one of them re-applies every child once. */
export interface EngineNames {
  /** Our manager name in managedFields. Unique per operator, the same in all its versions. */
  readonly fieldManager: string;
  /** Annotation with the hash of the desired body, such as `streambus.example.com/applied`. */
  readonly sealAnnotation: string;
  /** Annotation with the hash of what an admission webhook made of our values; only on objects where one does. */
  readonly liveAnnotation: string;
  /** Annotation with which a person lets a resource take over an object: its value is the name of that resource. */
  readonly adoptAnnotation: string;
  /** Annotation of children that stay when nobody asks for them any more: the name of the resource they were made for. */
  readonly retainAnnotation: string;
  /** Annotation with the lists that must hold nothing but ours, as `spec.ports`, separated by commas. */
  readonly exclusiveAnnotation: string;
  /** Manager names whose fields become ours before our first apply: what earlier operators or tools used. */
  readonly formerManagers: readonly string[];
}

/** A desired body, ready to be sent, with the hash that its seal annotation carries. */
export interface SealedBody {
  readonly body: Draft<KubeObject>;
  readonly desiredHash: Hash64;
}

/** What the server writes. In a desired body it is left over from an object that was read, and would never settle. */
const SERVER_WRITTEN: ReadonlySet<string> = new Set([
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
]);

/**
 * Makes a desired object the body that is sent: without null and undefined (the server would apply them as empty values),
 * without status and server-written metadata, a Secret's `stringData` as `data`, and with the seal annotation.
 *
 * `metadata.uid` is kept: with it the server refuses to bring a deleted object back.
 *
 * @throws {TypeError} when the object holds something that JSON cannot carry, naming its path.
 */
export function seal(desired: Draft<KubeObject>, names: EngineNames): SealedBody {
  const { status: _status, metadata, ...rest } = desired as Draft<KubeObject> & { readonly status?: unknown };
  const body = compactBody(withEncodedStrings({ ...rest, metadata: ownMetadata(metadata, names) }));
  const desiredHash = hash64(canonicalJson(body));
  return { body: annotate(body, names.sealAnnotation, desiredHash), desiredHash };
}

/** The body with one more annotation. */
export function annotate(body: Draft<KubeObject>, annotation: string, value: string): Draft<KubeObject> {
  const annotations = { ...body.metadata.annotations, [annotation]: value };
  return { ...body, metadata: { ...body.metadata, annotations } };
}

function ownMetadata(metadata: Draft<KubeObject>['metadata'], names: EngineNames): Draft<KubeObject>['metadata'] {
  const { annotations: all, ...rest } = metadata;
  const own = Object.fromEntries(Object.entries(rest).filter(([key]) => !SERVER_WRITTEN.has(key)));
  const { [names.sealAnnotation]: _seal, [names.liveAnnotation]: _live, ...annotations } = all ?? {};
  // Empty ones are the same as none: the seal joins them.
  return Object.keys(annotations).length === 0 ? own : { ...own, annotations };
}

function compactBody(body: Draft<KubeObject>): Draft<KubeObject> {
  return compact(body, '') as Draft<KubeObject>; // dropping nulls leaves apiVersion, kind and metadata in place
}

function compact(value: unknown, path: string): unknown {
  if (Array.isArray(value)) {
    return value.filter(isPresent).map((item, index) => compact(item, `${path}[${index}]`));
  }
  if (isPlainRecord(value)) {
    const present = Object.entries(value).filter(([, field]) => isPresent(field));
    return Object.fromEntries(present.map(([key, field]) => [key, compact(field, `${path}.${key}`)]));
  }
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return value;
  throw new TypeError(
    `${path}: ${describe(value)} is not a JSON value; convert it before it goes into a desired object`,
  );
}

function isPresent(value: unknown): boolean {
  return value !== null && value !== undefined;
}

function isPlainRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isRecord(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function describe(value: unknown): string {
  return isRecord(value) ? `a ${value.constructor?.name ?? 'object'}` : `a ${typeof value}`;
}

function withEncodedStrings(body: Draft<KubeObject>): Draft<KubeObject> {
  if (body.kind !== 'Secret' || body.apiVersion !== 'v1') return body;
  const { stringData, data, ...rest } = body as Draft<KubeObject> & {
    readonly stringData?: unknown;
    readonly data?: unknown;
  };
  if (!isRecord(stringData)) return body;
  const encoded = Object.entries(stringData)
    .filter(([, text]) => isPresent(text))
    .map(([key, text]) => [key, Buffer.from(String(text), 'utf8').toString('base64')]);
  const secret = { ...rest, data: { ...(isRecord(data) ? data : {}), ...Object.fromEntries(encoded) } };
  return secret;
}
