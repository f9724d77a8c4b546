import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { enabledBackend, enabledBackends } from '../backends/backend-kind.ts';
import { defaultVersion, imageOf, pinnedVersionIn, type Server } from '../backends/versions.ts';
import type { MadeServers } from './made-with.ts';

/** What there is of the servers of a cluster. */
export interface ServerSight {
  /** Whether there is one already, or a volume of one: it knows what it was made with and nothing else. */
  readonly isMade: (server: Server) => boolean;
  /** The image that it runs; `undefined` where it does not run. */
  readonly runs: (server: Server) => string | undefined;
}

/**
 * What is remembered, with the version that each server which runs here was made with: with another release of the operator it
 * keeps that one. A server that is not there yet may begin with any.
 */
export function withMadeVersions(cluster: PrismCluster, remembered: MadeServers, sight: ServerSight): MadeServers {
  const here = serversHere(cluster).map((server) => {
    const version = versionMade(cluster, server, remembered, sight);
    return [server, { ...remembered[server], version }] as const;
  });
  return { ...remembered, ...Object.fromEntries(here) };
}

function versionMade(
  cluster: PrismCluster,
  server: Server,
  remembered: MadeServers,
  { isMade, runs }: ServerSight,
): string {
  const asked = server === 'zookeeper' ? {} : enabledBackend(cluster, server);
  const first = pinnedVersionIn(server, imageOf(server, asked)) ?? defaultVersion(server);
  if (!isMade(server)) return first;
  // A server of an earlier release of the operator, which remembered nothing, shows it.
  return remembered[server]?.version ?? pinnedVersionIn(server, runs(server) ?? '') ?? first;
}

function serversHere(cluster: PrismCluster): readonly Server[] {
  return enabledBackends(cluster)
    .filter((kind) => enabledBackend(cluster, kind)?.external === undefined)
    .flatMap((kind): readonly Server[] =>
      kind === 'kafka' && cluster.spec.backends.kafka?.mode === 'ZooKeeper' ? ['zookeeper', kind] : [kind],
    );
}
