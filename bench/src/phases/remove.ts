import { StreamBusCluster } from '@capstan/streambus-operator';
import { type Arena, namespace } from '../arena.ts';
import { type Section, secondsOf } from '../measure.ts';
import { forEachAtOnce } from '../pool.ts';
import { countRequests } from '../requests.ts';
import { until, untilQuiet } from '../wait.ts';

const deletionsAtOnce = 16;

/** Deletes all clusters; their children go with them by their owner references. */
export async function removeClusters({
  arena,
  names,
}: {
  readonly arena: Arena;
  readonly names: readonly string[];
}): Promise<Section> {
  const { client, timeline, audit, user } = arena;
  const position = audit.position();
  const began = performance.now();
  await forEachAtOnce(names, deletionsAtOnce, (name) => client.delete(StreamBusCluster, { namespace, name }));
  const goneAt = await until('all clusters are gone', () => timeline.clusters.size === 0);
  const emptyAt = await until('all children are gone', () => timeline.children().length === 0);
  const counts = countRequests(await untilQuiet(audit, user, position, 2_000));
  return {
    title: `${names.length} clusters deleted`,
    counts: counts.byVerb,
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
    ],
  };
}
