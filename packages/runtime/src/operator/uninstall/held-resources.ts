import { ApiError, type KubeClient, type KubeObject, type ListOptions, type ResourceType } from '@capstan/kube';
import type { UninstalledController, Uninstalling } from './uninstall-options.ts';

/** A resource with finalizers that the operator would have taken off. */
export interface HeldResource {
  readonly controller: UninstalledController;
  readonly resource: KubeObject;
  readonly finalizers: readonly string[];
}

/** How often a collection that changed too much between two pages is read again. */
const mostReadings = 5;

/**
 * Every resource that has one of these finalizers, page by page. A kind that is not installed has none.
 * @param namesOf which finalizers of a controller count
 * @param metadataOnly whether nothing else of them is read
 * @throws {ApiError} when a kind cannot be read
 */
export async function* heldResources(
  { client, operator, namespaces = [] }: Uninstalling,
  namesOf: (controller: UninstalledController) => readonly string[],
  metadataOnly = false,
): AsyncGenerator<HeldResource> {
  const places = namespaces.length === 0 ? [undefined] : namespaces;
  for (const controller of operator.controllers) {
    const names = namesOf(controller);
    if (names.length === 0) continue;
    for (const namespace of controller.kind.namespaced ? places : [undefined])
      for await (const resource of everyOne(client, controller.kind, { namespace, metadataOnly })) {
        const finalizers = (resource.metadata.finalizers ?? []).filter((name) => names.includes(name));
        if (finalizers.length > 0) yield { controller, resource, finalizers };
      }
  }
}

/** A resource may be seen twice where the collection had to be read again. */
async function* everyOne(client: KubeClient, kind: ResourceType, options: ListOptions): AsyncGenerator<KubeObject> {
  for (let reading = 1; ; reading += 1) {
    try {
      for await (const page of client.pages<KubeObject>(kind, options)) yield* page.items;
      return;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.isNotFound) return;
      if (!error.isExpired || reading === mostReadings) throw error;
    }
  }
}

/** `DruidIngestion shop/clicks`, as lines name a resource. */
export function pathOf({ kind, metadata: { namespace, name } }: KubeObject): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
