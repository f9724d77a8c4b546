import { type Arena, namespace } from '../arena.ts';
import { perCluster, type Section, secondsOf } from '../measure.ts';
import { forEachAtOnce } from '../pool.ts';
import { countRequests } from '../requests.ts';
import { untilNone, untilQuiet } from '../wait.ts';
import type { Scene } from './phase.ts';

const deletionsAtOnce = 16;
const restMs = 6_000;

/** Deletes one child of every cluster by hand, and sees it come back. */
export async function repairChildren({ arena, names }: Scene): Promise<Section> {
  const { client, subject, audit, user } = arena;
  const { type, nameIn } = subject.spare;
  const old = new Set(spares(arena, names));
  const position = audit.position();
  const began = performance.now();
  await forEachAtOnce(names, deletionsAtOnce, (name) => client.delete(type, { namespace, name: nameIn(name) }));
  const backAt = await untilNone(
    'deleted children that are not back',
    () => names.length - spares(arena, names).filter((uid) => !old.has(uid)).length,
  );
  const counts = countRequests(await untilQuiet(audit, user, position, restMs));
  return {
    title: `One ${type.kind} of each of ${names.length} clusters deleted by hand`,
    counts: counts.byVerb,
    countsAmong: names.length,
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
        value: perCluster(counts.writes, names.length),
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

/** UIDs of the children that this phase deletes, as far as they are there. */
function spares({ subject, timeline }: Arena, names: readonly string[]): readonly string[] {
  const { type, nameIn } = subject.spare;
  const wanted = new Set(names.map(nameIn));
  return timeline
    .owned()
    .filter(({ kind, metadata }) => kind === type.kind && wanted.has(metadata.name))
    .map(({ metadata }) => metadata.uid ?? '');
}
