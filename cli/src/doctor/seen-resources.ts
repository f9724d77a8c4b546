import { ApiError, type KubeClient, type KubeObject } from '@capstan/kube';
import type { CheckedKind, InstalledKind, OperatorName } from './installation.ts';
import { type Excerpt, excerptOf, type Read, readingOf } from './read.ts';

/** The objects of one kind, in the version they were read in. */
export interface ResourcesSight {
  readonly installation: OperatorName;
  readonly kind: CheckedKind;
  readonly finalizers: KnownFinalizers;
  readonly objects: Read<Excerpt>;
}

/** Finalizers that the operator itself takes off. */
export interface KnownFinalizers {
  readonly own: readonly string[];
  /** Of earlier operators. */
  readonly former: readonly string[];
}

const nothing: Excerpt = { items: [], isWhole: true };

/** Reads the objects of a kind in the first of its versions that the API server serves. */
export async function seeResources(
  client: KubeClient,
  installation: OperatorName,
  { versions, controller }: InstalledKind,
  namespace: string | undefined,
): Promise<ResourcesSight> {
  const { finalizer, formerFinalizers = [] } = controller;
  const finalizers = { own: finalizer === undefined ? [] : [finalizer], former: formerFinalizers };
  for (const kind of versions) {
    const objects = await readingOf(excerptIfServed(client, kind, namespace));
    if (!objects.seen) return { installation, kind, finalizers, objects };
    if (objects.value !== undefined)
      return { installation, kind, finalizers, objects: { seen: true, value: objects.value } };
  }
  return { installation, kind: versions[0], finalizers, objects: { seen: true, value: nothing } };
}

async function excerptIfServed(
  client: KubeClient,
  kind: CheckedKind,
  namespace: string | undefined,
): Promise<Excerpt | undefined> {
  const where = kind.namespaced && namespace !== undefined ? { namespace } : {};
  try {
    return await excerptOf<KubeObject>(client, kind, where);
  } catch (error) {
    if (error instanceof ApiError && error.isNotFound) return undefined;
    throw error;
  }
}
