import { Service } from '@capstan/kube';
import { type Arena, namespace } from '../arena.ts';
import { type Section, secondsOf } from '../measure.ts';
import { forEachAtOnce } from '../pool.ts';
import { countRequests } from '../requests.ts';
import { until, untilQuiet } from '../wait.ts';

const deletionsAtOnce = 16;
const restMs = 6_000;

/** Deletes one child of every cluster by hand, and sees it come back. */
export async function repairChildren({
  arena,
  names,
}: {
  readonly arena: Arena;
  readonly names: readonly string[];
}): Promise<Section> {
  const { client, audit, user } = arena;
  const old = new Set(clientServices(arena, names));
  const position = audit.position();
  const began = performance.now();
  await forEachAtOnce(names, deletionsAtOnce, (name) => client.delete(Service, { namespace, name }));
  const backAt = await until('all deleted Services are back', () => {
    const now = clientServices(arena, names);
    return now.length === names.length && now.every((uid) => !old.has(uid));
  });
  const counts = countRequests(await untilQuiet(audit, user, position, restMs));
  return {
    title: `One child of each of ${names.length} clusters deleted by hand`,
    counts: counts.byVerb,
    measures: [
      {
        id: 'repair.allBack',
        label: 'all are back',
        value: secondsOf(backAt - began),
        unit: 's',
        how: `from the first of the deletions, ${deletionsAtOnce} at once, seen by a watch`,
      },
      {
        id: 'repair.writesPerCluster',
        label: 'writes per deleted child',
        value: counts.writes / names.length,
        unit: 'writes',
        how: 'audit log; events apart',
      },
      {
        id: 'repair.otherRequests',
        label: 'other requests',
        value: counts.total - counts.writes,
        unit: 'requests',
        how: 'audit log; watches apart',
      },
    ],
  };
}

/** UIDs of the Services called like their cluster. */
function clientServices({ timeline }: Arena, names: readonly string[]): readonly string[] {
  const wanted = new Set(names);
  return timeline
    .children()
    .filter(({ kind, metadata }) => kind === Service.kind && wanted.has(metadata.name))
    .map(({ metadata }) => metadata.uid ?? '');
}
