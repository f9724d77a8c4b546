import { ApiError, type CustomResourceDefinition, type KubeClient, type ResourceType } from '@capstan/kube';
import type { StoredObject } from './stored-objects.ts';

/** Where the webhook is that converts objects of a kind; `undefined` where the API server converts them by itself. */
export function converterOf({ spec: { conversion } }: CustomResourceDefinition): string | undefined {
  if (conversion?.strategy !== 'Webhook') return undefined;
  const { url, service } = conversion.webhook?.clientConfig ?? {};
  return url ?? `Service ${service?.namespace}/${service?.name}`;
}

/**
 * Whether an API server's refusal can mean that conversion failed: an API server passes what happens there on as an error of its own
 * (500 and above).
 */
export function isOfConversion(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status >= 500;
}

/**
 * Has the API server convert one object to the storage version, and store nothing.
 * @param other the kind in a version that is not the storage version, so that conversion cannot be left out
 * @returns what the API server said where that failed
 * @throws {ApiError} that has nothing to do with conversion, but that the object is gone or would be refused
 */
export async function conversionProblem(
  client: KubeClient,
  other: ResourceType,
  { namespace, name }: StoredObject,
): Promise<string | undefined> {
  try {
    await client.patch(other, { namespace, name }, { kind: 'merge', body: {} }, { dryRun: true });
    return undefined;
  } catch (error) {
    if (isOfConversion(error)) return error.serverMessage;
    const isAnswer = error instanceof ApiError && (error.isNotFound || error.isInvalid || error.isConflict);
    if (isAnswer) return undefined;
    throw error;
  }
}
