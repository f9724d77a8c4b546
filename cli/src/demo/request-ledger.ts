import type { ObjectRef } from '@capstan/kube';
import type { AuditedRequest } from '@capstan/testkit';

/** `namespace/name`: how the demo tells clusters apart. */
export type ClusterKey = `${string}/${string}`;

/** The key of a namespaced object. */
export function clusterKey({ namespace = '', name }: ObjectRef): ClusterKey {
  return `${namespace}/${name}`;
}

/**
 * The cluster a request was made for, by the name of the object it was sent to: children are called like their cluster,
 * or like it with a dash and more behind it. The longest match wins, so `shop-eu-config` is of `shop-eu`, not of `shop`.
 * Watches and lists name no object and belong to no cluster; neither do events, which tell but do nothing.
 */
export function clusterOf(request: AuditedRequest, clusters: readonly ObjectRef[]): ClusterKey | undefined {
  if (request.name === '' || request.resource === 'events') return undefined;
  const candidates = clusters.filter(
    ({ namespace, name }) =>
      namespace === request.namespace && (request.name === name || request.name.startsWith(`${name}-`)),
  );
  const closest = candidates.toSorted((a, b) => b.name.length - a.name.length)[0];
  return closest === undefined ? undefined : clusterKey(closest);
}

/** Adds up requests per cluster as they become known. */
export class RequestLedger {
  readonly #clusters: readonly ObjectRef[];
  readonly #counts = new Map<ClusterKey, number>();

  constructor(clusters: readonly ObjectRef[]) {
    this.#clusters = clusters;
  }

  /** Counts these requests; true when one of them was made for a cluster. */
  add(requests: readonly AuditedRequest[]): boolean {
    const keys = requests.map((request) => clusterOf(request, this.#clusters)).filter((key) => key !== undefined);
    for (const key of keys) this.#counts.set(key, this.of(key) + 1);
    return keys.length > 0;
  }

  of(key: ClusterKey): number {
    return this.#counts.get(key) ?? 0;
  }
}
