import type { KubeObject } from '@capstan/kube';
import { fieldOf, isRecord } from '../engine/json-value.ts';
import { HttpRefusal } from '../observe/serving/http-server.ts';

/** What the API server asks a webhook, without the objects; `admission.k8s.io/v1`. */
export interface AdmissionRequest {
  readonly uid: string;
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly namespace: string | undefined;
  /** Empty where the API server is to make the name up. */
  readonly name: string;
  readonly user: { readonly name: string; readonly groups: readonly string[] };
  /** Nothing will be stored; what is answered must not depend on it. */
  readonly isDryRun: boolean;
}

/** A request with the object as it would be, and as it is. A deletion has the latter only, a creation the former. */
export interface AdmissionQuestion {
  readonly request: AdmissionRequest;
  readonly object: KubeObject | undefined;
  readonly old: KubeObject | undefined;
}

/** What is wrong with one field. */
export interface AdmissionViolation {
  /** The field, such as `spec.listeners[2].port`; empty for the object as a whole. */
  readonly path: string;
  /** What is wrong and what is allowed. Never the value itself, which may be a secret. */
  readonly message: string;
  /** A word of the API server's, such as `FieldValueInvalid`, which stands for it unless told. */
  readonly reason?: string;
}

/** The answer of a webhook. */
export type AdmissionAnswer =
  | { readonly allowed: true; readonly warnings?: readonly string[]; readonly patch?: readonly object[] }
  | { readonly allowed: false; readonly warnings?: readonly string[]; readonly status: AdmissionStatus };

/** The part of `metav1.Status` that the API server passes on to whoever asked. */
export interface AdmissionStatus {
  readonly status: 'Failure';
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: object;
}

/**
 * Reads an AdmissionReview.
 * @throws {HttpRefusal} 400 for anything else
 */
export function readAdmissionReview(review: unknown): AdmissionQuestion {
  const request = requestIn(review, 'admission.k8s.io/v1', 'AdmissionReview');
  const operation = fieldOf(request, 'operation');
  if (operation !== 'CREATE' && operation !== 'UPDATE' && operation !== 'DELETE' && operation !== 'CONNECT')
    throw new HttpRefusal(400, 'request.operation must be CREATE, UPDATE, DELETE or CONNECT');
  const user = fieldOf(request, 'userInfo');
  const groups = fieldOf(user, 'groups');
  return {
    request: {
      uid: textOf(fieldOf(request, 'uid')),
      operation,
      namespace: textOf(fieldOf(request, 'namespace')) || undefined,
      name: textOf(fieldOf(request, 'name')),
      user: { name: textOf(fieldOf(user, 'username')), groups: Array.isArray(groups) ? groups.map(String) : [] },
      isDryRun: fieldOf(request, 'dryRun') === true,
    },
    object: objectIn(request, 'object'),
    old: objectIn(request, 'oldObject'),
  };
}

/** The AdmissionReview that carries an answer back. */
export function admissionReview(uid: string, { allowed, warnings = [], ...answer }: AdmissionAnswer): object {
  const patch = 'patch' in answer && answer.patch !== undefined && answer.patch.length > 0 ? answer.patch : undefined;
  const response = {
    uid,
    allowed,
    ...(warnings.length > 0 && { warnings }),
    ...('status' in answer && { status: answer.status }),
    ...(patch && { patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(patch)).toString('base64') }),
  };
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response };
}

/** The refusal of an object for what is wrong with its fields, in the shape in which the API server itself refuses one. */
export function invalid(
  kind: { readonly group: string; readonly kind: string },
  name: string,
  violations: readonly AdmissionViolation[],
): AdmissionStatus {
  const causes = violations.map(({ path, message, reason = 'FieldValueInvalid' }) => ({
    ...{ reason, message },
    ...(path !== '' && { field: path }),
  }));
  const sentences = violations.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  return {
    status: 'Failure',
    code: 422,
    reason: 'Invalid',
    message: `${kind.kind}.${kind.group} "${name}" is invalid: ${sentences.join('; ')}`,
    details: { name, group: kind.group, kind: kind.kind, causes },
  };
}

/**
 * The `request` of a review, which has a uid.
 * @throws {HttpRefusal} 400 where the body is no such review
 */
export function requestIn(review: unknown, apiVersion: string, kind: string): Readonly<Record<string, unknown>> {
  const request = fieldOf(review, 'request');
  if (fieldOf(review, 'apiVersion') !== apiVersion || fieldOf(review, 'kind') !== kind || !isRecord(request))
    throw new HttpRefusal(400, `the body must be ${apiVersion}, ${kind}, with a request`);
  if (textOf(request['uid']) === '') throw new HttpRefusal(400, 'request.uid must be given');
  return request;
}

function objectIn(request: unknown, field: 'object' | 'oldObject'): KubeObject | undefined {
  const object = fieldOf(request, field);
  if (object === undefined || object === null) return undefined;
  if (!isKubeObject(object)) throw new HttpRefusal(400, `request.${field} must be an object with metadata`);
  return object;
}

/** Names may be missing yet, where the API server is to make them up. */
function isKubeObject(value: unknown): value is KubeObject {
  return (
    isRecord(value) &&
    typeof value['apiVersion'] === 'string' &&
    typeof value['kind'] === 'string' &&
    isRecord(value['metadata'])
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
