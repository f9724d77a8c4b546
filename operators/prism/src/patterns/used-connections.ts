import type { PrismPattern } from '../api/v1alpha1/prism-cluster.ts';
import type { BackendKind } from '../backends/backend-kind.ts';
import type { Connection } from '../backends/connection.ts';

/** The connections of the backends that a pattern names, by kind; nothing else of the cluster reaches it. */
export type UsedConnections = { readonly [kind in BackendKind]?: Connection };

/** Picks what a pattern uses out of all connections of its cluster. */
export function usedConnections(pattern: PrismPattern, connections: readonly Connection[]): UsedConnections {
  const named: readonly string[] = pattern.backends;
  return Object.fromEntries(
    connections.filter(({ kind }) => named.includes(kind)).map((connection) => [connection.kind, connection]),
  );
}
