import { PrismCluster } from '@capstan/prism-operator';
import { UserError } from '../failure.ts';
import { KindView } from './kind-view.ts';
import { at, type PlaceOptions } from './place.ts';
import { type ClusterSummary, clusterSummary } from './report/cluster-summary.ts';
import { type ShowOptions, show } from './show.ts';
import type { Showable } from './showable.ts';
import { clusterNews, clusterTable } from './text/cluster-table.ts';

export interface GetOptions extends PlaceOptions, ShowOptions {}

/**
 * Prints the clusters of a namespace, or of all.
 * @returns the exit code
 * @throws {UserError} when there is none, or they cannot be read: what to do
 */
export function get(options: GetOptions): Promise<number> {
  return at(options, async ({ client, namespace, isEverywhere }) => {
    const view = new KindView(client, PrismCluster, isEverywhere ? {} : { namespace });
    await view.readOrRefuse();
    if (view.objects.length === 0 && options.watch !== true && options.output === 'text')
      throw new UserError(
        isEverywhere
          ? 'there is no PrismCluster in any namespace: kubectl apply -f deploy/samples/prism/prism-local.yaml makes one'
          : `there is no PrismCluster in namespace ${namespace}: -n <namespace> looks in another, -A in all`,
      );
    return show(clusters(view), options);
  });
}

function clusters(view: KindView<PrismCluster>): Showable<readonly ClusterSummary[]> {
  return {
    now: () => view.objects.map(clusterSummary).toSorted((a, b) => keyOf(a).localeCompare(keyOf(b), 'en')),
    lines: clusterTable,
    news: clusterNews,
    follow: (signal, followers) => view.follow(signal, followers),
  };
}

function keyOf({ namespace, name }: ClusterSummary): string {
  return `${namespace}/${name}`;
}
