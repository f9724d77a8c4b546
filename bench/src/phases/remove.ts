import { namespace } from '../arena.ts';
import { perCluster, type Section, secondsOf } from '../measure.ts';
import { forEachAtOnce } from '../pool.ts';
import { countRequests } from '../requests.ts';
import { untilNone, untilQuiet } from '../wait.ts';
import type { Scene } from './phase.ts';

const deletionsAtOnce = 16;

/** Deletes all clusters; their children go with them by their owner references, and what holds data stays. */
export async function removeClusters({ arena, names }: Scene): Promise<Section> {
  const { client, subject, timeline, audit, user } = arena;
  const position = audit.position();
  const began = performance.now();
  await forEachAtOnce(names, deletionsAtOnce, (name) => client.delete(subject.kind, { namespace, name }));
  const goneAt = await untilNone('clusters that are not gone', () => timeline.clusters.size);
  const emptyAt = await untilNone('children that are not gone', () => timeline.owned().length);
  const counts = countRequests(await untilQuiet(audit, user, position, 2_000));
  return {
    title: `${names.length} clusters deleted`,
    counts: counts.byVerb,
    countsAmong: names.length,
    measures: [
      {
        id: 'remove.clusters',
        label: 'all clusters gone',
        value: secondsOf(goneAt - began),
        unit: 's',
        how: 'from the first deletion, seen by a watch',
      },
      {
        id: 'remove.children',
        label: 'all children gone',
        value: secondsOf(emptyAt - began),
        unit: 's',
        how: 'the same; deleted by the garbage collector of Kubernetes',
      },
      {
        id: 'remove.writes',
        label: 'writes of the operator',
        value: counts.writes,
        unit: 'writes',
        how: 'audit log; events apart',
      },
      {
        id: 'remove.retainedPerCluster',
        label: 'objects kept per cluster',
        value: perCluster(timeline.retained().length, names.length),
        unit: 'children',
        how: 'volumes and credentials that the operator made to outlive a cluster; volumes of StatefulSets are not counted',
      },
    ],
  };
}
