import { type Arena, namespace } from '../arena.ts';
import { megabytesOf, type Section, secondsOf } from '../measure.ts';
import { usageOf } from '../process-usage.ts';
import { countRequests } from '../requests.ts';
import { untilNone, untilQuiet } from '../wait.ts';
import type { Scene } from './phase.ts';

/** Long enough for every cluster to have had its first pass after a restart. */
const restMs = 8_000;

/** Restarts the operator twice: with nothing to do, and with a child gone that was deleted while nobody looked. */
export async function restartOperator({ arena, names }: Scene): Promise<Section> {
  const stopMs = await stop(arena);
  const position = arena.audit.position();
  const { pid } = await arena.startOperator();
  const idle = countRequests(await untilQuiet(arena.audit, arena.user, position, restMs));
  const usage = await usageOf(pid);
  await stop(arena);
  const repair = await restartWithRepair(arena, names.at(-1) ?? '');
  return {
    title: `Restart with ${names.length} clusters present`,
    counts: idle.byVerb,
    measures: [
      {
        id: 'restart.stop',
        label: 'stopped after SIGTERM',
        value: secondsOf(stopMs),
        unit: 's',
        how: 'until the process is gone',
      },
      {
        id: 'restart.writes',
        label: 'writes after a restart',
        value: idle.writes + idle.events,
        unit: 'writes',
        how: `audit log, until ${restMs / 1_000} s without a request`,
      },
      {
        id: 'restart.requests',
        label: 'requests after a restart',
        value: idle.total + idle.events,
        unit: 'requests',
        how: 'audit log; all but watches',
      },
      {
        id: 'restart.rss',
        label: 'operator memory after a restart',
        value: megabytesOf(usage?.rss),
        unit: 'MB',
        how: 'VmRSS of /proc/PID/status once it rests: the caches without what making clusters cost',
      },
      {
        id: 'restart.ready',
        label: 'ready after a restart',
        value: secondsOf(repair.ms),
        unit: 's',
        how: 'from starting the process until a child deleted before is back: caches full, first repair done',
      },
      {
        id: 'restart.repairWrites',
        label: 'writes for the repair',
        value: repair.writes,
        unit: 'writes',
        how: 'audit log; events apart',
      },
    ],
  };
}

async function restartWithRepair(
  arena: Arena,
  name: string,
): Promise<{ readonly ms: number; readonly writes: number }> {
  const { client, subject, audit, user } = arena;
  const { type, nameIn } = subject.spare;
  await client.delete(type, { namespace, name: nameIn(name) });
  await untilNone('deletions that are not seen', () => spares(arena, name));
  const position = audit.position();
  const began = performance.now();
  await arena.startOperator();
  const backAt = await untilNone('deleted children that are not back', () => 1 - spares(arena, name));
  const { writes } = countRequests(await untilQuiet(audit, user, position, restMs));
  return { ms: backAt - began, writes };
}

/** How many there are, 1 or none, of the child of this cluster that is deleted. */
function spares({ subject, timeline }: Arena, cluster: string): number {
  const { type, nameIn } = subject.spare;
  const found = timeline.owned().some(({ kind, metadata }) => kind === type.kind && metadata.name === nameIn(cluster));
  return found ? 1 : 0;
}

async function stop(arena: Arena): Promise<number> {
  const began = performance.now();
  await arena.stopOperator();
  return performance.now() - began;
}
