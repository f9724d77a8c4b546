import type { KubeObject, ResourceType } from '@capstan/kube';
import {
  type AdmissionAnswer,
  type AdmissionQuestion,
  type AdmissionRequest,
  type AdmissionViolation,
  invalid,
} from './admission-review.ts';
import type { AdmissionWebhook } from './webhook.ts';

/** What a judge says: what is wrong, nothing being an empty list; and what the user should know although it is allowed. */
export type Judgement =
  | readonly AdmissionViolation[]
  | { readonly violations?: readonly AdmissionViolation[]; readonly warnings?: readonly string[] };

type MaybeLater<T> = T | Promise<T>;

/**
 * Says what is wrong with an object. Best pure, and the very function that the reconciler calls too: a webhook may be
 * unreachable, and objects in the operator's own namespace never come by here.
 *
 * @param old the object as it is, for an update
 */
export type Judge<T> = (object: T, old: T | undefined, request: AdmissionRequest) => MaybeLater<Judgement>;

export interface ValidatingOptions<T> {
  /** Says why an object must not be deleted. Deletions are asked about only where this is given. */
  readonly deletion?: (object: T, request: AdmissionRequest) => MaybeLater<Judgement>;
}

/** A kind made with `customResource` of `@capstan/crd` brings the checks of its schema and its CEL rules along. */
export type CheckedKind<T extends KubeObject> = ResourceType<T> & {
  readonly validate?: (object: object, old?: object) => readonly AdmissionViolation[];
};

/**
 * A webhook that refuses objects: for what the kind's own schema and rules say, then for what the judge says, which is
 * asked only about objects that are sound so far. Status and scale do not come by here.
 *
 * @example
 * ```ts
 * webhooks: [validating(Cache, (cache) => (fits(cache) ? [] : [{ path: 'spec.memory', message: 'must be at least 64Mi per shard' }]))]
 * ```
 */
export function validating<T extends KubeObject>(
  kind: CheckedKind<T>,
  judge: Judge<T> = () => [],
  { deletion }: ValidatingOptions<T> = {},
): AdmissionWebhook {
  return {
    role: 'validate',
    kind,
    operations: deletion === undefined ? ['CREATE', 'UPDATE'] : ['CREATE', 'UPDATE', 'DELETE'],
    answer: async (question) => {
      // The API server asks only about objects of the kind that the webhook is registered for.
      const [object, old] = [question.object as T | undefined, question.old as T | undefined];
      const { request } = question;
      if (request.operation === 'DELETE')
        return answered(
          kind,
          question,
          old === undefined || deletion === undefined ? [] : await deletion(old, request),
        );
      if (object === undefined) return { allowed: true };
      const violations = kind.validate?.(object, old) ?? [];
      return answered(kind, question, violations.length > 0 ? violations : await judge(object, old, request));
    },
  };
}

function answered(kind: ResourceType, question: AdmissionQuestion, judgement: Judgement): AdmissionAnswer {
  const { violations = [], warnings = [] } = isList(judgement) ? { violations: judgement } : judgement;
  if (violations.length === 0) return { allowed: true, warnings };
  const status = invalid(kind, nameIn(question), violations);
  if (question.request.operation !== 'DELETE') return { allowed: false, warnings, status };
  return {
    allowed: false,
    warnings,
    status: { ...status, code: 403, reason: 'Forbidden', message: whyKept(kind, question, violations) },
  };
}

function whyKept(kind: ResourceType, question: AdmissionQuestion, violations: readonly AdmissionViolation[]): string {
  const sentences = violations.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  return `${kind.kind}.${kind.group} "${nameIn(question)}" must not be deleted: ${sentences.join('; ')}`;
}

function nameIn({ request, object, old }: AdmissionQuestion): string {
  const { name, generateName = '' } = object?.metadata ?? old?.metadata ?? { name: '' };
  return request.name || name || generateName;
}

function isList(judgement: Judgement): judgement is readonly AdmissionViolation[] {
  return Array.isArray(judgement);
}
