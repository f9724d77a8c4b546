import { openCluster } from './open-cluster.ts';
import { at, type PlaceOptions } from './place.ts';
import { clusterReport } from './report/cluster-report.ts';
import { type ShowOptions, show } from './show.ts';
import { statusLines, statusNews } from './text/status-text.ts';

export interface StatusOptions extends PlaceOptions, ShowOptions {
  /** Whether the exit code tells a cluster that is not Ready. */
  readonly exitCode?: boolean;
}

/** What `--exit-code` answers of a cluster that is not Ready. */
const notReadyExitCode = 2;

/**
 * Prints the tree of a cluster.
 * @returns the exit code
 * @throws {UserError} when it is not there, or cannot be read: what to do
 */
export function status(name: string, options: StatusOptions): Promise<number> {
  return at(options, async ({ client, namespace }) => {
    const view = await openCluster(client, { namespace, name }, false);
    const report = () => view.objects && clusterReport(view.objects);
    const code = await show(
      {
        ...{ now: report, lines: statusLines, news: statusNews },
        follow: (signal, followers) => view.follow(signal, followers),
      },
      options,
    );
    return code === 0 && options.exitCode === true && report()?.ready !== true ? notReadyExitCode : code;
  });
}
