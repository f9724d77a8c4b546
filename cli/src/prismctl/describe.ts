import { openCluster } from './open-cluster.ts';
import { at, type PlaceOptions } from './place.ts';
import { clusterDescription } from './report/cluster-description.ts';
import { type ShowOptions, show } from './show.ts';
import { describeLines, describeNews } from './text/describe-text.ts';

export interface DescribeOptions extends PlaceOptions, ShowOptions {}

/**
 * Prints the tree of a cluster, its conditions, its last events, and what to do next.
 * @returns the exit code
 * @throws {UserError} when it is not there, or cannot be read: what to do
 */
export function describe(name: string, options: DescribeOptions): Promise<number> {
  return at(options, async ({ client, namespace }) => {
    const view = await openCluster(client, { namespace, name }, true);
    return show(
      {
        now: () => view.objects && clusterDescription(view.objects),
        ...{ lines: describeLines, news: describeNews },
        follow: (signal, followers) => view.follow(signal, followers),
      },
      options,
    );
  });
}
