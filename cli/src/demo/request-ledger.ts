import type { ObjectRef } from '@capstan/kube';
import type { AuditedRequest } from '@capstan/testkit';

/** `namespace/name`: how the demo tells resources of a kind apart. */
export type ResourceKey = `${string}/${string}`;

/** The key of a namespaced object. */
export function resourceKey({ namespace = '', name }: ObjectRef): ResourceKey {
  return `${namespace}/${name}`;
}

/**
 * The resource a request was made for, by the name of the object it was sent to: children are called like their resource,
 * or like it with a dash and more behind it. The longest match wins, so `shop-eu-config` is of `shop-eu`, not of `shop`.
 * Watches and lists name no object and belong to no resource; neither do events, which tell but do nothing.
 */
export function resourceOf(request: AuditedRequest, resources: readonly ObjectRef[]): ResourceKey | undefined {
  if (request.name === '' || request.resource === 'events') return undefined;
  const candidates = resources.filter(
    ({ namespace, name }) =>
      namespace === request.namespace && (request.name === name || request.name.startsWith(`${name}-`)),
  );
  const closest = candidates.toSorted((a, b) => b.name.length - a.name.length)[0];
  return closest === undefined ? undefined : resourceKey(closest);
}

/** Adds up requests per resource as they become known. */
export class RequestLedger {
  readonly #resources: readonly ObjectRef[];
  readonly #counts = new Map<ResourceKey, number>();

  constructor(resources: readonly ObjectRef[]) {
    this.#resources = resources;
  }

  /** Counts these requests; true when one of them was made for a resource. */
  add(requests: readonly AuditedRequest[]): boolean {
    const keys = requests.map((request) => resourceOf(request, this.#resources)).filter((key) => key !== undefined);
    for (const key of keys) this.#counts.set(key, this.of(key) + 1);
    return keys.length > 0;
  }

  of(key: ResourceKey): number {
    return this.#counts.get(key) ?? 0;
  }
}
