import type { ResourceType } from '@capstan/kube';
import type { AdmissionAnswer, AdmissionQuestion } from './admission-review.ts';

/** Operations that a webhook is asked about. Status and scale are subresources, which no webhook of ours ever is. */
export type Operation = 'CREATE' | 'UPDATE' | 'DELETE';

/** A webhook that lets objects of one kind in, refuses or changes them. Made by `validating` and `mutating`. */
export interface AdmissionWebhook {
  readonly role: 'validate' | 'mutate';
  readonly kind: ResourceType;
  readonly operations: readonly [Operation, ...Operation[]];
  /** Throws nothing that a user should read: what it throws becomes a refusal without its words, and a line in the log. */
  readonly answer: (question: AdmissionQuestion) => Promise<AdmissionAnswer>;
}

/** A kind in several versions, as `versionedResource` of `@capstan/crd` makes it. */
export interface ConvertibleKind {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** @throws an error named `ConversionError`, whose words are for users, where an object cannot be converted */
  convert(object: object, version: string): object;
}

/** A webhook that converts objects of one kind between its versions. Made by `converting`. */
export interface ConversionWebhook {
  readonly role: 'convert';
  readonly kind: ConvertibleKind;
}

export type Webhook = AdmissionWebhook | ConversionWebhook;

/** Where a webhook is served: `/validate/<group>/<version>/<plural>`, `/mutate/...`, and `/convert` for all conversions. */
export function pathOfWebhook(webhook: Webhook): string {
  if (webhook.role === 'convert') return '/convert';
  const { group, version, plural } = webhook.kind;
  return `/${webhook.role}/${group}/${version}/${plural}`;
}

/**
 * The webhook that converts a kind of several versions. The API server cannot serve such a kind without it.
 *
 * @example
 * ```ts
 * webhooks: [converting(Caches)]
 * ```
 */
export function converting(kind: ConvertibleKind): ConversionWebhook {
  return { role: 'convert', kind };
}
