import { ApiError, type KubeClient, type KubeObject, type ResourceType, type WriteOptions } from '@capstan/kube';

/** The finalizers with one more at the end; `undefined` when it is there already. */
export function finalizersWith(
  finalizers: readonly string[] | undefined,
  finalizer: string,
): readonly string[] | undefined {
  return finalizers?.includes(finalizer) ? undefined : [...(finalizers ?? []), finalizer];
}

/** The finalizers without these; `undefined` when none of them is there. */
export function finalizersWithout(
  finalizers: readonly string[] | undefined,
  ...unwanted: readonly string[]
): readonly string[] | undefined {
  const left = finalizers?.filter((each) => !unwanted.includes(each));
  return left?.length === finalizers?.length ? undefined : left;
}

/**
 * Keeps an object from disappearing until {@link removeFinalizer} is called for the same finalizer. Call it before the
 * first effect outside the cluster. Sends nothing when the finalizer is there.
 *
 * @param object as last read: the write is refused with `Conflict` when it has changed since
 * @returns the object after the write, or `object` itself when nothing was to do
 * @throws {ApiError} also when the object is being deleted (422): nobody may add a finalizer then
 */
export async function addFinalizer<T extends KubeObject>(
  client: KubeClient,
  type: ResourceType<T>,
  object: T,
  finalizer: string,
  options?: WriteOptions,
): Promise<T> {
  const wanted = finalizersWith(object.metadata.finalizers, finalizer);
  return wanted === undefined ? object : patchFinalizers(client, type, object, wanted, options);
}

/**
 * Lets an object go, as far as this finalizer is concerned. Sends nothing when it is not there.
 *
 * @param object as last read: the write is refused with `Conflict` when it has changed since
 * @returns the object after the write, or `undefined` when it is gone
 */
export function removeFinalizer<T extends KubeObject>(
  client: KubeClient,
  type: ResourceType<T>,
  object: T,
  finalizer: string,
  options?: WriteOptions,
): Promise<T | undefined> {
  return removeFinalizers(client, type, object, [finalizer], options);
}

/** Does the same as {@link removeFinalizer} for several finalizers, in one write. */
export async function removeFinalizers<T extends KubeObject>(
  client: KubeClient,
  type: ResourceType<T>,
  object: T,
  finalizers: readonly string[],
  options?: WriteOptions,
): Promise<T | undefined> {
  const wanted = finalizersWithout(object.metadata.finalizers, ...finalizers);
  if (wanted === undefined) return object;
  try {
    return await patchFinalizers(client, type, object, wanted, options);
  } catch (error) {
    if (error instanceof ApiError && error.isNotFound) return undefined;
    throw error;
  }
}

/** A merge patch replaces the list whole; the resourceVersion beside it keeps it from undoing somebody else's change. */
function patchFinalizers<T extends KubeObject>(
  client: KubeClient,
  type: ResourceType<T>,
  { metadata }: T,
  finalizers: readonly string[],
  options?: WriteOptions,
): Promise<T> {
  const body = { metadata: { resourceVersion: metadata.resourceVersion, uid: metadata.uid, finalizers } };
  return client.patch(type, { namespace: metadata.namespace, name: metadata.name }, { kind: 'merge', body }, options);
}
