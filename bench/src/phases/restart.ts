import { Service } from '@capstan/kube';
import { type Arena, namespace } from '../arena.ts';
import { megabytesOf, type Section, secondsOf } from '../measure.ts';
import { usageOf } from '../process-usage.ts';
import { countRequests } from '../requests.ts';
import { until, untilQuiet } from '../wait.ts';

/** Long enough for every cluster to have had its first pass after a restart. */
const restMs = 8_000;

/** Restarts the operator twice: with nothing to do, and with a child gone that was deleted while nobody looked. */
export async function restartOperator({
  arena,
  names,
}: {
  readonly arena: Arena;
  readonly names: readonly string[];
}): Promise<Section> {
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
  const { client, audit, user } = arena;
  await client.delete(Service, { namespace, name });
  await until('the deletion is seen', () => !serviceExists(arena, name));
  const position = audit.position();
  const began = performance.now();
  await arena.startOperator();
  const backAt = await until('the deleted Service is back', () => serviceExists(arena, name));
  const { writes } = countRequests(await untilQuiet(audit, user, position, restMs));
  return { ms: backAt - began, writes };
}

function serviceExists({ timeline }: Arena, name: string): boolean {
  return timeline.children().some(({ kind, metadata }) => kind === Service.kind && metadata.name === name);
}

async function stop(arena: Arena): Promise<number> {
  const began = performance.now();
  await arena.stopOperator();
  return performance.now() - began;
}
