import { createHmac, randomBytes } from 'node:crypto';
import type { Draft, KubeObject, OwnerReference } from '@capstan/kube';
import { fieldOf, isRecord } from '../engine/json-value.ts';
import type { EngineNames } from '../engine/seal.ts';
import { isSecretVariable, redactText } from '../redact.ts';

/** What the server writes into metadata, and nobody wants to read in a diff. */
const serverWritten: ReadonlySet<string> = new Set([
  'creationTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
]);

/** Says the same again, and for a Secret says it in the clear. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** New in every process: equal values look equal within one run, and no value can be found by hashing guesses. */
const hashKey = randomBytes(32);

const mask = '[redacted]';

/**
 * An object as it is shown to people and programs: without status, without what the server and the engine write for
 * themselves, and with a keyed hash in place of every value of a Secret, and of every variable whose name says that it is one: what
 * others made before may have it in plain sight.
 */
export function presentable(
  object: KubeObject | Draft<KubeObject>,
  names: Pick<EngineNames, 'sealAnnotation' | 'liveAnnotation'>,
): KubeObject {
  const { apiVersion, kind, metadata, ...content } = object;
  const { status: _status, ...rest } = withoutSecrets({ apiVersion, kind }, content);
  return { apiVersion, kind, metadata: presentableMetadata(metadata, names), ...rest };
}

/**
 * An object whole, as it is shown to people: like {@link presentable}, with its status and with what the server wrote, except
 * for `managedFields`. A value of an annotation whose name says that it is a secret is masked, as {@link redactText} masks the
 * secrets in the others.
 */
export function shownWhole(
  object: KubeObject,
  names: Pick<EngineNames, 'sealAnnotation' | 'liveAnnotation'>,
): KubeObject {
  const { metadata, ...content } = presentable(object, names);
  const { managedFields: _managed, ...written } = object.metadata;
  const { annotations } = metadata;
  const { annotations: _annotations, ...others } = written;
  const shown = { ...others, ...(annotations !== undefined && { annotations: maskedAnnotations(annotations) }) };
  const status = 'status' in object ? { status: withoutPlainSecret(object.status) } : {};
  return { ...content, metadata: shown, ...status };
}

function maskedAnnotations(annotations: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(annotations).map(([name, value]) => [name, isSecretVariable(name) ? mask : redactText(value)]),
  );
}

/** `hash:1c0e5d2a (12 bytes)`: tells whether two values of one run are equal, and nothing else. */
function hashText(bytes: Buffer): string {
  const hash = createHmac('sha256', hashKey).update(bytes).digest('hex').slice(0, 8);
  return `hash:${hash} (${bytes.length} ${bytes.length === 1 ? 'byte' : 'bytes'})`;
}

function presentableMetadata(
  metadata: Draft<KubeObject>['metadata'],
  { sealAnnotation, liveAnnotation }: Pick<EngineNames, 'sealAnnotation' | 'liveAnnotation'>,
): KubeObject['metadata'] {
  const { annotations = {}, ownerReferences, ...all } = metadata;
  const kept = Object.fromEntries(Object.entries(all).filter(([key]) => !serverWritten.has(key)));
  const hidden = new Set([sealAnnotation, liveAnnotation, lastApplied]);
  const shown = Object.entries(annotations).filter(([key]) => !hidden.has(key));
  return {
    ...kept,
    name: metadata.name ?? '',
    ...(shown.length > 0 && { annotations: Object.fromEntries(shown) }),
    ...(ownerReferences !== undefined && { ownerReferences: ownerReferences.map(withoutUid) }),
  };
}

/** The UID of an owner that does not exist yet is made up. What is left is only shown, never sent. */
function withoutUid({ uid: _uid, ...owner }: OwnerReference): OwnerReference {
  return owner as OwnerReference;
}

function withoutSecrets(
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  content: object,
): Readonly<Record<string, unknown>> {
  const fields = new Map<string, unknown>(Object.entries(content));
  if (kind !== 'Secret' || apiVersion !== 'v1') return withoutPlainSecrets(Object.fromEntries(fields));
  const hashed = { ...hashedValues(fields.get('data'), 'base64'), ...hashedValues(fields.get('stringData'), 'utf8') };
  fields.delete('stringData');
  if (Object.keys(hashed).length > 0) fields.set('data', hashed);
  return Object.fromEntries(fields);
}

function withoutPlainSecrets(content: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(content).map(([key, value]) => [key, withoutPlainSecret(value)]));
}

function withoutPlainSecret(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map(withoutPlainSecret);
  if (!isRecord(value)) return value;
  const { name, value: text } = value;
  const isSecret = typeof name === 'string' && typeof text === 'string' && text !== '' && isSecretVariable(name);
  return isSecret ? { ...value, value: hashText(Buffer.from(text)) } : withoutPlainSecrets(value);
}

function hashedValues(data: unknown, encoding: 'base64' | 'utf8'): Readonly<Record<string, string>> {
  if (!isRecord(data)) return {};
  return Object.fromEntries(
    Object.keys(data).map((key) => [key, hashText(Buffer.from(String(fieldOf(data, key)), encoding))]),
  );
}
