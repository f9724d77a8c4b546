import type { KubeObject, ResourceType } from '@capstan/kube';
import { canonicalJson, fieldOf } from '../engine/json-value.ts';
import type { AdmissionRequest } from './admission-review.ts';
import { jsonPatch } from './json-patch.ts';
import type { AdmissionWebhook } from './webhook.ts';

/** The metadata a webhook may change; the rest is the API server's. */
const ownMetadata: ReadonlySet<string> = new Set(['labels', 'annotations', 'finalizers', 'ownerReferences']);

/**
 * A webhook that changes objects before they are checked and stored: for defaults that a schema cannot express, such as one
 * that depends on another field. The function is pure and idempotent, for it may be asked again about its own answer; it
 * gives back the object with its changes, or the very object. A user sees what it filled in, and may change that again.
 *
 * @example
 * ```ts
 * webhooks: [mutating(Cache, (cache) => (cache.spec.shards === undefined ? withShards(cache, cache.spec.replicas) : cache))]
 * ```
 */
export function mutating<T extends KubeObject>(
  kind: ResourceType<T>,
  change: (object: T, old: T | undefined, request: AdmissionRequest) => T,
): AdmissionWebhook {
  return {
    role: 'mutate',
    kind,
    operations: ['CREATE', 'UPDATE'],
    answer: async ({ object, old, request }) => {
      if (object === undefined) return { allowed: true };
      // The API server asks only about objects of the kind that the webhook is registered for.
      const changed = change(object as T, old as T | undefined, request);
      checkChange(object, changed);
      return { allowed: true, patch: jsonPatch(object, changed) };
    },
  };
}

/** What the API server would ignore or choke on is a mistake in the function, which its author is to hear of. */
function checkChange(before: KubeObject, after: KubeObject): void {
  const differs = (a: unknown, b: unknown, field: string) =>
    canonicalJson(fieldOf(a, field) ?? null) !== canonicalJson(fieldOf(b, field) ?? null);
  for (const field of ['apiVersion', 'kind', 'status'])
    if (differs(before, after, field)) throw new TypeError(`a mutating webhook must not change ${field}`);
  for (const field of new Set([...Object.keys(before.metadata), ...Object.keys(after.metadata)])) {
    if (!ownMetadata.has(field) && differs(before.metadata, after.metadata, field))
      throw new TypeError(`a mutating webhook must not change metadata.${field}`);
  }
}
